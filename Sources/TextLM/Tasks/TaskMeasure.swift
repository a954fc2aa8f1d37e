/// How well a task is done, on sequences of its own.
public struct TaskMeasure: Sendable, Equatable {
  /// The longest of them.
  public let length: Int
  /// How many there were.
  public private(set) var sequenceCount = 0
  private var answerCount = 0
  private var loss = 0.0
  private var errors = 0.0

  /// Nothing measured yet.
  init(length: Int) {
    self.length = length
  }

  /// Nats for a bit or a symbol, or the mean squared error.
  public var meanLoss: Double { loss / Double(max(answerCount, 1)) }
  /// Wrong bits in a sequence, or the part of the answers that is wrong.
  public var wrongBits: Double { errors / Double(max(sequenceCount, 1)) }
  /// The part of the symbols that is right.
  public var accuracy: Double { 1 - errors / Double(max(answerCount, 1)) }
  /// The part of the bits or symbols that is wrong.
  public var wrongPart: Double { errors / Double(max(answerCount, 1)) }

  /// Whether a goal is reached.
  func reaches(_ goal: TaskGoal) -> Bool {
    switch goal {
    case .wrongBits(let most): wrongBits < most
    case .accuracy(let least): accuracy >= least
    case .nats(let most), .squaredError(let most): meanLoss < most
    }
  }

  /// Takes note of what a model said, [T, B, W].
  mutating func add(_ output: Tensor, _ batch: TaskBatch, _ kind: TaskOutput) {
    sequenceCount += batch.batchSize
    let values = output.array
    switch batch.targets {
    case .symbols(let targets):
      let losses = output.crossEntropyLosses(targets: targets).array
      let width = output.shape.width
      for (place, target) in targets.enumerated() where batch.isMeasured[place] {
        let row = values[place * width..<(place + 1) * width]
        answerCount += 1
        loss += Double(losses[place])
        // Not a number is never right.
        if !row.allSatisfy({ $0 <= row[row.startIndex + Int(target)] }) { errors += 1 }
      }
    case .numbers(let targets, let width):
      let shaped = Tensor(targets, shape: output.shape)
      loss +=
        kind == .number
        ? output.squaredErrorSum(targets: shaped, isCounted: batch.isMeasured)
        : output.binaryCrossEntropySum(targets: shaped, isCounted: batch.isMeasured)
      for (row, isMeasured) in batch.isMeasured.enumerated() where isMeasured {
        answerCount += width
        guard kind != .number else { continue }
        let places = row * width..<(row + 1) * width
        errors += Double(places.count { (values[$0] > 0) != (targets[$0] > 0) })
      }
    }
  }
}

extension TaskGoal {
  /// What a measure has of what the goal is about.
  public func value(_ measure: TaskMeasure) -> Double {
    switch self {
    case .wrongBits: measure.wrongBits
    case .accuracy: measure.accuracy
    case .nats, .squaredError: measure.meanLoss
    }
  }

  /// What the value is called, with its unit.
  public var valueName: String {
    switch self {
    case .wrongBits: "wrong bits a sequence"
    case .accuracy: "part of the answers right"
    case .nats: "nats a step"
    case .squaredError: "mean squared error"
    }
  }

  /// The goal in words.
  public var text: String {
    switch self {
    case .wrongBits(let most): "fewer than \(Numbers.short(most)) wrong bits a sequence"
    case .accuracy(let least): "\(Numbers.short(100 * least)) % of the answers right"
    case .nats(let most): "fewer than \(Numbers.short(most)) nats a step"
    case .squaredError(let most): "a mean squared error below \(Numbers.short(most))"
    }
  }

  /// Whether a value is better than another.
  func isBetter(_ value: Double, than other: Double) -> Bool {
    if case .accuracy = self { value > other } else { value < other }
  }
}

extension TaskMeasure {
  /// As it is printed and logged.
  public func json(_ goal: TaskGoal) -> JSONValue {
    var object: JSONObject = [
      "length": JSONValue(length), "sequences": JSONValue(sequenceCount),
      "answers": JSONValue(answerCount), "errors": JSONValue(errors),
      "loss": JSONValue(meanLoss),
    ]
    switch goal {
    case .wrongBits:
      object.append("wrong_bits", JSONValue(wrongBits))
      object.append("wrong_part", JSONValue(wrongPart))
    case .accuracy, .nats: object.append("accuracy", JSONValue(accuracy))
    case .squaredError: break
    }
    return .object(object)
  }

  init(_ json: JSONField) throws {
    let counts = 0...1 << 40
    self.init(length: try json.int("length", in: counts))
    sequenceCount = try json.int("sequences", in: counts)
    answerCount = try json.int("answers", in: counts)
    errors = try json.double("errors", in: 0...1e12)
    loss = try json.double("loss", in: -1e12...1e12) * Double(answerCount)
  }
}
