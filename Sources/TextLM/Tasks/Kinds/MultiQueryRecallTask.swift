/// Pairs of a key and a value are read, and then all keys in another order: each one's value is to be
/// said.
///
/// The input is k₁ v₁ .. k_P v_P, a separator, and q₁ a₁ .. q_P a_P, where q is the keys shuffled; a_i is
/// asked at q_i. Reference: Simran Arora et al., "Zoology: Measuring and Improving Recall in Efficient
/// Language Models", 2023.
public struct MultiQueryRecallTask: SyntheticTask {
  /// `mqar`.
  public static let name = "mqar"
  /// What is to be done.
  public static let summary = "of several pairs, say each key's value (multi-query recall)"
  /// Pairs.
  public static let lengthUnit = "pairs"
  /// Keys, values and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("keys", in: 1...1024, standard: 32, "different keys"),
      .count("values", in: 2...1024, standard: 32, "different values"),
    ] + lengths(8...8, test: 16, upTo: 1024)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Keys of a sequence are distinct.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let keys = values.count("keys")
    for name in ["min_length", "length", "test_length"] where values.count(name) > keys {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but there are only \(keys) different keys")
    }
  }

  private var keyCount: Int { values.count("keys") }
  private var valueCount: Int { values.count("values") }
  /// Keys, values and the separator.
  public var input: TaskInput { .symbols(count: keyCount + valueCount + 1) }
  /// Values.
  public var output: TaskOutput { .symbols(count: valueCount) }
  /// Of fifty answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.98) }

  /// Sequences of `length` pairs.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    TaskBatch(
      (0..<size).map { _ in
        let keys = random.shuffled(0..<keyCount).prefix(length)
        let pairs = keys.map { (key: $0, value: random.nextInt(below: valueCount)) }
        var row = TaskBatch.SymbolRow()
        for (key, value) in pairs {
          row.append(key)
          row.append(keyCount + value)
        }
        row.append(keyCount + valueCount)
        for (key, value) in random.shuffled(pairs) {
          row.append(key, asking: value)
          row.append(keyCount + value)
        }
        return row
      })
  }
}
