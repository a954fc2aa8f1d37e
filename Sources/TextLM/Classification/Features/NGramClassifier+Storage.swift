/// The tensors of a classifier of n-grams in a model file.
///
/// For F features and Q questions: `features.keys`, uint64 [F], ascending, the numbers by which the
/// features are known, 2 bits of block and 62 of hash; `features.weights`, float32 [F, Q]; and
/// `biases`, float32 [Q].
extension NGramClassifier {
  /// What is written.
  public var safetensorsEntries: [SafetensorsEntry] {
    [
      SafetensorsEntry(name: "features.keys", shape: [index.count], uint64s: index.keys),
      SafetensorsEntry(
        name: "features.weights", shape: [index.count, biases.count], floats: weights),
      SafetensorsEntry(name: "biases", shape: [biases.count], floats: biases),
    ]
  }

  /// Reads a classifier, and checks that its numbers can be those of one, whatever they come from.
  ///
  /// Memory is in proportion to the file.
  ///
  /// - Parameters:
  ///   - file: Where the tensors are.
  ///   - configuration: Which features they are of.
  ///   - labels: What the classes are called.
  /// - Throws: `SafetensorsError` for tensors that are missing or of another shape, and
  ///   `NGramClassifierError.damaged` and `.tooFewLabels`; `TextError` where ICU lacks its tables.
  public init(
    _ file: SafetensorsFile, configuration: NGramFeatureConfiguration, labels: LabelSet
  ) throws {
    guard labels.kind == .multiple || labels.count > 1 else {
      throw NGramClassifierError.tooFewLabels(count: labels.count)
    }
    let questionCount = ClassQuestions(kind: labels.kind, classCount: labels.count).count
    let size = try file.info("features.keys").shape.first ?? 0
    guard size <= Int(Int32.max) else {
      throw NGramClassifierError.damaged(
        problem: "features.keys has \(size) features, more than \(Int32.max)")
    }
    try FeatureText.checkAvailable()
    let biases = try file.floats("biases", shape: [questionCount])
    let keys = try file.uint64s("features.keys", shape: [size])
    let weights = try file.floats("features.weights", shape: [size, questionCount])
    guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw NGramClassifierError.damaged(problem: "features.keys are not in ascending order")
    }
    let afterLast = FeatureKey.Block.allCases.count
    guard keys.last.map({ $0 < FeatureKey.first(of: afterLast) }) != false else {
      throw NGramClassifierError.damaged(
        problem: "features.keys has a feature of no block: there are \(afterLast)")
    }
    guard weights.allSatisfy(\.isFinite), biases.allSatisfy(\.isFinite) else {
      throw NGramClassifierError.damaged(
        problem: "features.weights or biases have a number that is none")
    }
    self.init(
      labels: labels, configuration: configuration, index: FeatureIndex(ascending: keys),
      weights: weights, biases: biases)
  }
}
