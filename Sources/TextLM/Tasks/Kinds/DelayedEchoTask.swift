/// Each symbol is to be said again some steps later.
///
/// Reference: Jeffrey Elman, "Finding Structure in Time", 1990, for networks that this is within reach
/// of.
public struct DelayedEchoTask: SyntheticTask {
  /// `delayed-echo`.
  public static let name = "delayed-echo"
  /// What is to be done.
  public static let summary = "say each symbol again some steps later"
  /// Symbols.
  public static let lengthUnit = "symbols"
  /// Symbols, the delay and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("symbols", in: 2...1024, standard: 8, "different symbols"),
      .count("delay", in: 1...1000, standard: 5, "steps until a symbol is to be said"),
    ] + lengths(40...40, test: 160)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Something must be asked.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let delay = values.count("delay")
    for name in ["min_length", "length", "test_length"] where values.count(name) <= delay {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but must be above the delay of \(delay)")
    }
  }

  private var symbolCount: Int { values.count("symbols") }
  /// A symbol.
  public var input: TaskInput { .symbols(count: symbolCount) }
  /// A symbol.
  public var output: TaskOutput { .symbols(count: symbolCount) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Sequences of `length` symbols.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let delay = values.count("delay")
    return TaskBatch(
      (0..<size).map { _ in
        let symbols = (0..<length).map { _ in random.nextInt(below: symbolCount) }
        var row = TaskBatch.SymbolRow()
        for (step, symbol) in symbols.enumerated() {
          row.append(symbol, asking: step >= delay ? symbols[step - delay] : nil)
        }
        return row
      })
  }
}
