/// The losses of some steps together.
struct NeuralLossSums: Sendable {
  private var stepCount = 0
  private var labels = 0.0
  /// Nil where the next token is not learned.
  private var nextToken: Double?

  init() {}

  /// Counts a step.
  mutating func add(_ step: NeuralTrainingStep) {
    stepCount += 1
    labels += step.loss
    if let nats = step.nextTokenNats { nextToken = (nextToken ?? 0) + nats }
  }

  /// The mean loss of the labels; nil before any step.
  var meanLabels: Double? { stepCount > 0 ? labels / Double(stepCount) : nil }
  /// The mean nats of the next token; nil where that is not learned.
  var meanNextToken: Double? { nextToken.map { $0 / Double(stepCount) } }
}

extension NeuralLossSums {
  /// Adds itself to what is stored of a training's progress.
  func append(to object: inout JSONObject) {
    object.append("loss_sum", JSONValue(labels))
    object.append("loss_count", JSONValue(stepCount))
    if let nextToken { object.append("next_token_sum", JSONValue(nextToken)) }
  }

  /// Reads what `append` wrote.
  init(_ json: JSONField) throws {
    let numbers = -1e15...1e15
    labels = try json.double("loss_sum", in: numbers)
    stepCount = try json.int("loss_count", in: 0...1 << 40)
    nextToken = try json.optionalField("next_token_sum")?.double(in: numbers)
  }
}
