/// Ten symbols are read, and to be said again after a long time.
///
/// The input is 10 symbols from 1 to 8, T − 1 blanks (0) and 11 delimiters (9), T + 20 steps in all; the
/// target is T + 10 blanks and the 10 symbols. The cross-entropy is the mean over all steps: blanks
/// first and then a guess among eight has 10 ln 8 / (T + 20). Reference: Shaojie Bai, J. Zico Kolter and
/// Vladlen Koltun, "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence
/// Modeling", 2018.
public struct CopyMemoryTask: SyntheticTask {
  /// `copy-memory`.
  public static let name = "copy-memory"
  /// What is to be done.
  public static let summary = "say ten symbols again after a long time"
  /// Blanks.
  public static let lengthUnit = "blanks"
  /// Lengths.
  public static let hyperparameters = lengths(500...500, test: 1000)
  /// The sizes it was made with.
  public let values: Hyperparameters
  private static let symbolCount = 10

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Blank, eight symbols and the delimiter.
  public var input: TaskInput { .symbols(count: 10) }
  /// The same.
  public var output: TaskOutput { .symbols(count: 10) }
  /// A thousandth of a nat for a step.
  public var goal: TaskGoal { .nats(1e-3) }

  /// Sequences of `length` blanks.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let symbols = (0..<Self.symbolCount).map { _ in 1 + random.nextInt(below: 8) }
      var row = TaskBatch.SymbolRow()
      for symbol in symbols { row.append(symbol, asking: 0) }
      for _ in 1..<length { row.append(0, asking: 0) }
      row.append(9, asking: 0)
      for symbol in symbols { row.append(9, asking: symbol) }
      return row
    }
    return TaskBatch(rows)
  }
}
