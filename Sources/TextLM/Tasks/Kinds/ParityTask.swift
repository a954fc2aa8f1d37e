/// Whether the number of ones in a sequence of bits is odd, is to be said at the end.
///
/// What cannot mix its state with itself, such as attention of fixed depth, does not learn it for
/// sequences longer than those of training. Reference: Maximilian Beck et al., "xLSTM: Extended Long
/// Short-Term Memory", 2024, with lengths of 3 to 40 in training and up to 256 in the test.
public struct ParityTask: SyntheticTask {
  /// `parity`.
  public static let name = "parity"
  /// What is to be done.
  public static let summary = "say whether the number of ones is odd"
  /// Bits.
  public static let lengthUnit = "bits"
  /// Lengths.
  public static let hyperparameters = lengths(3...40, test: 256)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// A bit.
  public var input: TaskInput { .symbols(count: 2) }
  /// 1 for odd.
  public var output: TaskOutput { .symbols(count: 2) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Sequences of `length` bits.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    TaskBatch(
      (0..<size).map { _ in
        let bits = (0..<length).map { _ in random.nextInt(below: 2) }
        var row = TaskBatch.SymbolRow()
        for (step, bit) in bits.enumerated() {
          row.append(bit, asking: step == length - 1 ? bits.reduce(0, ^) : nil)
        }
        return row
      })
  }
}
