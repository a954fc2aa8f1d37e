/// Instances of classes that are new in every sequence are read, each with the name of the one before:
/// the class of each is to be said.
///
/// A class is a prototype, random bits at least three bits from the others; an instance is it with one
/// bit flipped. Names are given out anew in every sequence, so that a class can only be known once it was
/// named. At step t the instance x_t and the name y_{t−1} are read and y_t is asked; measured is the
/// third presentation of a class and later ones. Reference: Adam Santoro et al., "One-shot Learning with
/// Memory-Augmented Neural Networks", 2016.
public struct OneShotTask: SyntheticTask {
  /// `one-shot`.
  public static let name = "one-shot"
  /// What is to be done.
  public static let summary = "name instances of classes that are new in every sequence"
  /// Instances.
  public static let lengthUnit = "instances"
  /// Classes, bits and lengths.
  public static let hyperparameters =
    [
      Hyperparameter.count("classes", in: 2...6, standard: 5, "classes of a sequence"),
      .count("bits", in: 8...256, standard: 8, "bits of an instance"),
    ] + lengths(30...30, test: 60)
  /// The sizes it was made with.
  public let values: Hyperparameters

  /// The task of these sizes.
  public init(_ values: Hyperparameters) { self.values = values }

  /// Some class must come a third time.
  public static func validate(_ values: Hyperparameters) throws(TaskError) {
    let classes = values.count("classes")
    for name in ["min_length", "length", "test_length"] where values.count(name) <= 2 * classes {
      throw .combination(
        task: self.name,
        problem: "\(name) is \(values.count(name)), but must be above \(2 * classes), so that some "
          + "of \(classes) classes comes a third time")
    }
  }

  private static let leastDistance = 3
  private var classCount: Int { values.count("classes") }
  private var bitCount: Int { values.count("bits") }
  private var inputWidth: Int { bitCount + classCount }
  /// Bits, and the name before as one of several channels.
  public var input: TaskInput { .vectors(width: inputWidth) }
  /// A name.
  public var output: TaskOutput { .symbols(count: classCount) }
  /// From the third presentation on, of ten answers one may be wrong.
  public var goal: TaskGoal { .accuracy(0.9) }

  /// Sequences of `length` instances.
  public func batch(length: Int, size: Int, random: inout RandomSource) -> TaskBatch {
    let rows = (0..<size).map { _ in
      let prototypes = prototypes(random: &random)
      var presentations = [Int](repeating: 0, count: classCount)
      var name = [Float](repeating: 0, count: classCount)
      var row = TaskBatch.VectorRow<Int>()
      for step in 0..<length {
        let kind = random.nextInt(below: classCount)
        var instance = prototypes[kind]
        let flipped = random.nextInt(below: bitCount)
        instance[flipped] = 1 - instance[flipped]
        row.append(instance + name, asking: kind)
        presentations[kind] += 1
        if presentations[kind] < 3 { row.guessed.insert(step) }
        name = [Float](repeating: 0, count: classCount)
        name[kind] = 1
      }
      return row
    }
    return TaskBatch(rows, inputWidth: inputWidth)
  }

  /// Random bits, each prototype far enough from the others.
  ///
  /// A prototype rules out 37 of at least 256 vectors, so there always is another one.
  private func prototypes(random: inout RandomSource) -> [[Float]] {
    var prototypes: [[Float]] = []
    while prototypes.count < classCount {
      let candidate = random.nextBits(bitCount)
      let isFar = prototypes.allSatisfy { other in
        zip(candidate, other).count { $0 != $1 } >= Self.leastDistance
      }
      if isFar { prototypes.append(candidate) }
    }
    return prototypes
  }
}
