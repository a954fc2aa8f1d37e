/// A made-up problem with unlimited examples, that a model can only solve if its memory works.
///
/// A task is one file that says everything about it, and one line in `TaskRegistry.builtIn`. Examples
/// follow from a random source alone, so a seed gives the same ones on every machine.
public protocol SyntheticTask: Sendable, Equatable {
  /// The name by which `textlm task` knows it.
  static var name: String { get }
  /// What is to be done, in a sentence.
  static var summary: String { get }
  /// What a length counts, in the plural: vectors, pairs, symbols.
  static var lengthUnit: String { get }
  /// All that it can be told.
  static var hyperparameters: [Hyperparameter] { get }
  /// Refuses sizes that do not go together.
  static func validate(_ values: Hyperparameters) throws(TaskError)

  /// The task of these sizes, which must be valid together.
  init(_ values: Hyperparameters)
  /// The sizes it was made with.
  var values: Hyperparameters { get }
  /// What is read at each step.
  var input: TaskInput { get }
  /// What is to be said.
  var output: TaskOutput { get }
  /// How well it must be done to count as solved.
  var goal: TaskGoal { get }

  /// `size` examples of one length.
  func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch
}

extension SyntheticTask {
  /// Accepts all.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {}

  /// The lengths that are trained on.
  public var lengths: ClosedRange<Int> {
    min(values.count("min_length"), values.count("length"))...values.count("length")
  }

  /// The length beyond them that is measured too.
  public var testLength: Int { values.count("test_length") }

  /// The task of written sizes, as of `--with`, checked one by one and together.
  public init(written: [(name: String, value: String)]) throws {
    let values = try Hyperparameters(
      written: written, known: Self.hyperparameters, architecture: Self.name)
    try Self.validate(values)
    self.init(values)
  }

  /// The task of stored sizes, checked likewise.
  public init(stored: JSONField) throws {
    let values = try Hyperparameters(
      stored: stored, known: Self.hyperparameters, architecture: Self.name)
    try Self.validate(values)
    self.init(values)
  }

  /// The sizes that every task has: what is trained on, and what is measured beyond.
  static func lengths(
    _ range: ClosedRange<Int>, test: Int, upTo limit: Int = 100_000
  ) -> [Hyperparameter] {
    [
      .count(
        "min_length", in: 1...limit, standard: range.lowerBound,
        "the fewest \(lengthUnit) in training"),
      .count(
        "length", in: 1...limit, standard: range.upperBound, "the most \(lengthUnit) in training"),
      .count(
        "test_length", in: 1...limit, standard: test,
        "the \(lengthUnit) that it is measured with besides"),
    ]
  }
}

/// What a task gives a model to read at each step.
public enum TaskInput: Sendable, Equatable {
  /// A vector of so many numbers.
  case vectors(width: Int)
  /// One of so many symbols.
  case symbols(count: Int)
}

/// What a task wants to hear.
public enum TaskOutput: Sendable, Equatable {
  /// So many bits, each by its logit.
  case bits(width: Int)
  /// One of so many symbols, by logits.
  case symbols(count: Int)
  /// A number.
  case number

  /// Numbers that a model gives out at each step.
  var width: Int {
    switch self {
    case .bits(let width): width
    case .symbols(let count): count
    case .number: 1
    }
  }
}

/// When a task counts as solved.
public enum TaskGoal: Sendable, Equatable {
  /// Fewer wrong bits than this in a sequence.
  case wrongBits(Double)
  /// At least this part of the answers right.
  case accuracy(Double)
  /// Fewer nats than this for a target.
  case nats(Double)
  /// A smaller mean squared error.
  case squaredError(Double)
}
