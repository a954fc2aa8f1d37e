/// Each symbol is to be said some steps before it comes.
///
/// Only an encoder that reads in both directions can: one that reads forwards guesses, which shows
/// that it does not see what is to come. Reference: Mike Schuster and Kuldip Paliwal, "Bidirectional
/// Recurrent Neural Networks", 1997.
public struct LookaheadTask: SyntheticTask {
  /// `lookahead`.
  public static let name = "lookahead"
  /// What is to be done.
  public static let summary = "say each symbol before it comes, which takes --bidirectional"
  /// Symbols.
  public static let lengthUnit = "symbols"
  /// Symbols, how far ahead, and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("symbols", in: 2...1024, standard: 8, "different symbols"),
      .count("ahead", in: 1...1000, standard: 3, "steps before which a symbol is to be said"),
    ] + lengths(20...20, test: 80)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Something must be asked.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let ahead = values.count("ahead")
    for name in ["min_length", "length", "test_length"] where values.count(name) <= ahead {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but must be above the \(ahead) steps ahead")
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
    let ahead = values.count("ahead")
    return TaskBatch(
      (0..<size).map { _ in
        let symbols = (0..<length).map { _ in random.nextInt(below: symbolCount) }
        var row = TaskBatch.SymbolRow()
        for (step, symbol) in symbols.enumerated() {
          row.append(symbol, asking: step + ahead < length ? symbols[step + ahead] : nil)
        }
        return row
      })
  }
}
