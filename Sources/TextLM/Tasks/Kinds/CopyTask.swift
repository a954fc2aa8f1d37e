/// Random bits are read, and then to be said again in their order.
///
/// ℓ vectors of b bits; a vector whose last channel, the delimiter, is 1; then ℓ empty vectors, during
/// which the bits are asked for. T = 2 ℓ + 1. Reference: Alex Graves, Greg Wayne and Ivo Danihelka,
/// "Neural Turing Machines", 2014, which has lengths of 1 to 20 and measures up to 120.
public struct CopyTask: SyntheticTask {
  /// `copy`.
  public static let name = "copy"
  /// What is to be done.
  public static let summary = "say random vectors of bits again, in their order"
  /// Vectors.
  public static let lengthUnit = "vectors"
  /// Bits and lengths.
  public static let hyperparameters =
    [Hyperparameter.count("bits", in: 1...256, standard: 8, "bits of a vector")]
    + lengths(1...10, test: 20)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  private var bitCount: Int { values.count("bits") }
  /// Bits and the delimiter.
  public var input: TaskInput { .vectors(width: bitCount + 1) }
  /// Bits.
  public var output: TaskOutput { .bits(width: bitCount) }
  /// Less than a tenth of a bit wrong in a sequence.
  public var goal: TaskGoal { .wrongBits(0.1) }

  /// Sequences of `length` vectors.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let vectors = (0..<length).map { _ in random.nextBits(bitCount) }
      let nothing = [Float](repeating: 0, count: bitCount)
      var row = TaskBatch.VectorRow<[Float]>()
      for vector in vectors { row.append(vector + [0]) }
      row.append(nothing + [1])
      for vector in vectors { row.append(nothing + [0], asking: vector) }
      return row
    }
    return TaskBatch(rows, inputWidth: bitCount + 1, outputWidth: bitCount)
  }
}
