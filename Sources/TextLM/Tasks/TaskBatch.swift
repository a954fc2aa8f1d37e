/// Examples of a task side by side.
///
/// All arrays are time-major: what belongs to step t of row b is at t · B + b. Rows that are shorter
/// than the longest are filled up with nothing, of which nothing is asked.
public struct TaskBatch: Sendable, Equatable {
  /// What is read.
  public enum Input: Sendable, Equatable {
    /// [T, B, W].
    case vectors([Float], width: Int)
    /// [T, B].
    case symbols([Int32])
  }

  /// What should be said.
  public enum Targets: Sendable, Equatable {
    /// Bits or numbers, [T, B, W]; 0 where nothing is asked.
    case numbers([Float], width: Int)
    /// Symbols, [T, B]; −1 where nothing is asked.
    case symbols([Int32])
  }

  /// T, the number of steps.
  public let timeLength: Int
  /// B, the number of examples.
  public let batchSize: Int
  /// What is read.
  public let input: Input
  /// What should be said.
  public let targets: Targets
  /// Whether something is asked at each place, [T, B].
  public let isAsked: [Bool]
  /// Whether the answer counts in measurements, [T, B]; some can only be guessed.
  public let isMeasured: [Bool]

  /// One example whose input and answers are symbols.
  struct SymbolRow {
    var input: [Int32] = []
    /// −1 where nothing is asked.
    var targets: [Int32] = []

    /// Reads `symbol`, and asks for `target` unless it is nil.
    mutating func append(_ symbol: Int, asking target: Int? = nil) {
      input.append(Int32(symbol))
      targets.append(Int32(target ?? -1))
    }
  }

  /// One example whose input is vectors.
  struct VectorRow<Target> {
    var input: [[Float]] = []
    /// nil where nothing is asked.
    var targets: [Target?] = []
    /// Steps whose answers can only be guessed.
    var guessed: Set<Int> = []

    /// Reads `vector`, and asks for `target` unless it is nil.
    mutating func append(_ vector: [Float], asking target: Target? = nil) {
      input.append(vector)
      targets.append(target)
    }
  }

  /// Examples of symbols.
  init(_ rows: [SymbolRow]) {
    let time = rows.reduce(0) { max($0, $1.input.count) }
    var input = [Int32](repeating: 0, count: time * rows.count)
    var targets = [Int32](repeating: -1, count: time * rows.count)
    for (number, row) in rows.enumerated() {
      for step in row.input.indices {
        input[step * rows.count + number] = row.input[step]
        targets[step * rows.count + number] = row.targets[step]
      }
    }
    self.init(
      timeLength: time, batchSize: rows.count, input: .symbols(input), targets: .symbols(targets),
      isAsked: targets.map { $0 >= 0 })
  }

  /// Examples of vectors, of which symbols are asked.
  init(_ rows: [VectorRow<Int>], inputWidth: Int) {
    let (time, input) = Self.vectors(rows, width: inputWidth)
    var targets = [Int32](repeating: -1, count: time * rows.count)
    var isMeasured = [Bool](repeating: false, count: time * rows.count)
    for (number, row) in rows.enumerated() {
      for (step, target) in row.targets.enumerated() {
        guard let target else { continue }
        targets[step * rows.count + number] = Int32(target)
        isMeasured[step * rows.count + number] = !row.guessed.contains(step)
      }
    }
    self.init(
      timeLength: time, batchSize: rows.count, input: input, targets: .symbols(targets),
      isAsked: targets.map { $0 >= 0 }, isMeasured: isMeasured)
  }

  /// Examples of vectors, of which bits or numbers are asked.
  init(_ rows: [VectorRow<[Float]>], inputWidth: Int, outputWidth: Int) {
    let (time, input) = Self.vectors(rows, width: inputWidth)
    var targets = [Float](repeating: 0, count: time * rows.count * outputWidth)
    var isAsked = [Bool](repeating: false, count: time * rows.count)
    for (number, row) in rows.enumerated() {
      for (step, target) in row.targets.enumerated() {
        guard let target else { continue }
        let place = step * rows.count + number
        isAsked[place] = true
        targets.replaceSubrange(place * outputWidth..<(place + 1) * outputWidth, with: target)
      }
    }
    self.init(
      timeLength: time, batchSize: rows.count, input: input,
      targets: .numbers(targets, width: outputWidth), isAsked: isAsked)
  }

  private init(
    timeLength: Int, batchSize: Int, input: Input, targets: Targets, isAsked: [Bool],
    isMeasured: [Bool]? = nil
  ) {
    self.timeLength = timeLength
    self.batchSize = batchSize
    self.input = input
    self.targets = targets
    self.isAsked = isAsked
    self.isMeasured = isMeasured ?? isAsked
  }

  private static func vectors<Target>(
    _ rows: [VectorRow<Target>], width: Int
  ) -> (timeLength: Int, input: Input) {
    let time = rows.reduce(0) { max($0, $1.input.count) }
    var input = [Float](repeating: 0, count: time * rows.count * width)
    for (number, row) in rows.enumerated() {
      for (step, vector) in row.input.enumerated() {
        let place = (step * rows.count + number) * width
        input.replaceSubrange(place..<place + width, with: vector)
      }
    }
    return (time, .vectors(input, width: width))
  }
}

extension RandomSource {
  /// So many bits, each 0 or 1.
  mutating func nextBits(_ count: Int) -> [Float] {
    (0..<count).map { _ in next() >> 63 == 0 ? 0 : 1 }
  }
}
