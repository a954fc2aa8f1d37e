/// Random bits are read with a number, and then to be said again so many times.
///
/// ℓ vectors of b bits; a vector with the delimiter 1 and, in the last channel, the number k as a part
/// of the greatest; then k · ℓ empty vectors, during which the bits are asked for, and one more, when
/// the end marker is. Reference: Alex Graves et al., "Neural Turing Machines", 2014.
public struct RepeatCopyTask: SyntheticTask {
  /// `repeat-copy`.
  public static let name = "repeat-copy"
  /// What is to be done.
  public static let summary = "say random vectors of bits as many times as asked, and mark the end"
  /// Vectors.
  public static let lengthUnit = "vectors"
  /// Bits, repetitions and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("bits", in: 1...256, standard: 4, "bits of a vector"),
      .count("repeats", in: 1...100, standard: 3, "the most repetitions"),
    ] + lengths(1...4, test: 8)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  private var bitCount: Int { values.count("bits") }
  private var mostRepeats: Int { values.count("repeats") }
  /// Bits, the delimiter and the number.
  public var input: TaskInput { .vectors(width: bitCount + 2) }
  /// Bits and the end marker.
  public var output: TaskOutput { .bits(width: bitCount + 1) }
  /// Less than a tenth of a bit wrong in a sequence.
  public var goal: TaskGoal { .wrongBits(0.1) }

  /// Sequences of `length` vectors, each repeated one to the greatest number of times.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let repeats = 1 + random.nextInt(below: mostRepeats)
      let vectors = (0..<length).map { _ in random.nextBits(bitCount) }
      let nothing = [Float](repeating: 0, count: bitCount)
      var row = TaskBatch.VectorRow<[Float]>()
      for vector in vectors { row.append(vector + [0, 0]) }
      row.append(nothing + [1, Float(repeats) / Float(mostRepeats)])
      for _ in 0..<repeats {
        for vector in vectors { row.append(nothing + [0, 0], asking: vector + [0]) }
      }
      row.append(nothing + [0, 0], asking: nothing + [1])
      return row
    }
    return TaskBatch(rows, inputWidth: bitCount + 2, outputWidth: bitCount + 1)
  }
}
