/// Numbers are read, two of them marked: their sum is to be said at the end.
///
/// Two channels: numbers uniform in 0 ..< 1, and 1 at two places, anywhere and distinct, else 0. Who
/// always says 1 has a mean squared error of 1/6. Reference: Sepp Hochreiter and Jürgen Schmidhuber,
/// "Long Short-Term Memory", 1997, in the form of Shaojie Bai, J. Zico Kolter and Vladlen Koltun, "An
/// Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling", 2018.
public struct AddingTask: SyntheticTask {
  /// `adding`.
  public static let name = "adding"
  /// What is to be done.
  public static let summary = "add the two marked ones of many numbers"
  /// Numbers.
  public static let lengthUnit = "numbers"
  /// Lengths.
  public static let hyperparameters = lengths(200...200, test: 400)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// There are two marks.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    for name in ["min_length", "length", "test_length"] where values.count(name) < 2 {
      throw .combination(task: self.name, problem: "\(name) is 1, but two numbers are marked")
    }
  }

  /// A number and its mark.
  public var input: TaskInput { .vectors(width: 2) }
  /// The sum.
  public var output: TaskOutput { .number }
  /// A hundredth; guessing has a sixth.
  public var goal: TaskGoal { .squaredError(0.01) }

  /// Sequences of `length` numbers.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let numbers = (0..<length).map { _ in Float(random.nextUniform()) }
      let first = random.nextInt(below: length)
      // The other places in their order, without the first.
      let other = random.nextInt(below: length - 1)
      let second = other < first ? other : other + 1
      var row = TaskBatch.VectorRow<[Float]>()
      for (step, number) in numbers.enumerated() {
        row.append(
          [number, step == first || step == second ? 1 : 0],
          asking: step == length - 1 ? [numbers[first] + numbers[second]] : nil)
      }
      return row
    }
    return TaskBatch(rows, inputWidth: 2, outputWidth: 1)
  }
}
