/// Whether the first symbol of a sequence is the last one too, is to be said.
///
/// Half of the sequences have it so. It is asked at the last step, or with `asked=first` at the first,
/// where only an encoder that reads in both directions can know.
public struct FirstLastTask: SyntheticTask {
  /// `first-last`.
  public static let name = "first-last"
  /// What is to be done.
  public static let summary = "say whether the first symbol of a sequence equals the last"
  /// Symbols.
  public static let lengthUnit = "symbols"
  /// Symbols, where it is asked, and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("symbols", in: 2...1024, standard: 8, "different symbols"),
      .choice(
        "asked", of: ["last", "first"], standard: "last",
        "at which step the answer is due; the first takes --bidirectional"),
    ] + lengths(2...20, test: 40)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// A single symbol is the first and the last.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    for name in ["min_length", "length", "test_length"] where values.count(name) < 2 {
      throw .combination(
        task: self.name, problem: "\(name) is 1, but the shortest sequence has 2 symbols")
    }
  }

  private var symbolCount: Int { values.count("symbols") }
  /// A symbol.
  public var input: TaskInput { .symbols(count: symbolCount) }
  /// 1 for yes.
  public var output: TaskOutput { .symbols(count: 2) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Sequences of `length` symbols.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let asked = values.choice("asked") == "last" ? length - 1 : 0
    return TaskBatch(
      (0..<size).map { _ in
        var symbols = (0..<length).map { _ in random.nextInt(below: symbolCount) }
        let isEqual = random.nextInt(below: 2) == 1
        symbols[length - 1] =
          isEqual
          ? symbols[0] : (symbols[0] + 1 + random.nextInt(below: symbolCount - 1)) % symbolCount
        var row = TaskBatch.SymbolRow()
        for (step, symbol) in symbols.enumerated() {
          row.append(symbol, asking: step == asked ? (isEqual ? 1 : 0) : nil)
        }
        return row
      })
  }
}
