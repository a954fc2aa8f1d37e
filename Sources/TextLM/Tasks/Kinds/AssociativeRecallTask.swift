/// Items are read, and then one of them again: to be said is the one that came after it.
///
/// An item is some vectors of bits behind a vector with the item delimiter. After the last come a
/// vector with the query delimiter, an item's vectors, the query delimiter again, and empty vectors,
/// during which the next item is asked for. Reference: Alex Graves et al., "Neural Turing Machines",
/// 2014, with 2 to 6 items of three vectors of six bits.
public struct AssociativeRecallTask: SyntheticTask {
  /// `associative-recall`.
  public static let name = "associative-recall"
  /// What is to be done.
  public static let summary = "of several items, say the one that came after a given one"
  /// Items.
  public static let lengthUnit = "items"
  /// Bits, vectors and items.
  public static let hyperparameters =
    [
      Hyperparameter.count("bits", in: 1...256, standard: 6, "bits of a vector"),
      .count("vectors", in: 1...64, standard: 3, "vectors of an item"),
    ] + lengths(2...6, test: 10)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// One item has none after it.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    for name in ["min_length", "length", "test_length"] where values.count(name) < 2 {
      throw .combination(
        task: self.name, problem: "\(name) is 1, but the shortest sequence has 2 items")
    }
  }

  private var bitCount: Int { values.count("bits") }
  private var vectorCount: Int { values.count("vectors") }
  /// Bits, the item delimiter and the query delimiter.
  public var input: TaskInput { .vectors(width: bitCount + 2) }
  /// Bits.
  public var output: TaskOutput { .bits(width: bitCount) }
  /// Less than a tenth of a bit wrong in an item.
  public var goal: TaskGoal { .wrongBits(0.1) }

  /// Sequences of `length` items.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let items = (0..<length).map { _ in
        (0..<vectorCount).map { _ in random.nextBits(bitCount) }
      }
      let asked = random.nextInt(below: length - 1)
      let nothing = [Float](repeating: 0, count: bitCount)
      var row = TaskBatch.VectorRow<[Float]>()
      for item in items {
        row.append(nothing + [1, 0])
        for vector in item { row.append(vector + [0, 0]) }
      }
      row.append(nothing + [0, 1])
      for vector in items[asked] { row.append(vector + [0, 0]) }
      row.append(nothing + [0, 1])
      for vector in items[asked + 1] { row.append(nothing + [0, 0], asking: vector) }
      return row
    }
    return TaskBatch(rows, inputWidth: bitCount + 2, outputWidth: bitCount)
  }
}
