/// Random strings are read with a value each; of one of them the value is to be said.
///
/// The input is letters and values, "a c = 7 ; b a = 2 ;" and so on, and then a string and "=", where
/// its value is asked for. Reference: Alexander Miller et al., "Key-Value Memory Networks for Directly
/// Reading Documents", 2016, for the memory that this is for.
public struct KeyValueTask: SyntheticTask {
  /// `key-value`.
  public static let name = "key-value"
  /// What is to be done.
  public static let summary = "of many random strings, say the value of one"
  /// Strings.
  public static let lengthUnit = "strings"
  /// Letters, values and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("letters", in: 2...256, standard: 16, "different letters"),
      .count("key_length", in: 1...8, standard: 2, "letters of a string"),
      .count("values", in: 2...1024, standard: 16, "different values"),
    ] + lengths(4...32, test: 64)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Strings of a sequence are distinct.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let strings = (0..<values.count("key_length")).reduce(1) { count, _ in
      min(count * values.count("letters"), 1 << 40)
    }
    for name in ["min_length", "length", "test_length"] where values.count(name) > strings {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but there are only \(strings) different strings"
      )
    }
  }

  private var letterCount: Int { values.count("letters") }
  private var keyLength: Int { values.count("key_length") }
  private var valueCount: Int { values.count("values") }
  /// Letters, values, "=" and ";".
  public var input: TaskInput { .symbols(count: letterCount + valueCount + 2) }
  /// A value.
  public var output: TaskOutput { .symbols(count: valueCount) }
  /// Of a hundred answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.99) }

  /// Sequences of `length` strings and one that is asked for.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let equals = letterCount + valueCount
    return TaskBatch(
      (0..<size).map { _ in
        var keys: [[Int]] = []
        var seen: Set<[Int]> = []
        while keys.count < length {
          let key = (0..<keyLength).map { _ in random.nextInt(below: letterCount) }
          if seen.insert(key).inserted { keys.append(key) }
        }
        let stored = keys.map { _ in random.nextInt(below: valueCount) }
        let asked = random.nextInt(below: length)
        var row = TaskBatch.SymbolRow()
        for (key, value) in zip(keys, stored) {
          for letter in key { row.append(letter) }
          row.append(equals)
          row.append(letterCount + value)
          row.append(equals + 1)
        }
        for letter in keys[asked] { row.append(letter) }
        row.append(equals, asking: stored[asked])
        return row
      })
  }
}
