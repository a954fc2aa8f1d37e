import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

/// Small neural classifiers, and texts that they can learn.
enum SmallClassifiers {
  /// Three labels.
  static func labels(_ kind: LabelKind = .single) throws -> LabelSet {
    try LabelSet(kind: kind, names: kind == .ordinal ? ["1", "2", "3"] : ["a", "b", "c"])
  }

  /// A tokenizer of the letters from a to f and the space.
  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(trainedOn: [UTF8Text("aaaabbbccd ef ")])
  }

  static func configuration(
    _ labels: LabelSet, architecture: String = "lstm", size: Int = 4, embeddingSize: Int = 3,
    structure: TextStructure = .sequence, sides: ReadingSides = .both,
    pooling: TextPooling? = nil, joinedNGrams: JoinedNGrams? = nil, dropout: Double = 0,
    labelSmoothing: Double = 0
  ) throws -> NeuralClassifierConfiguration {
    try NeuralClassifierConfiguration(
      labels: labels, architecture: SmallModels.architecture(architecture, size: size),
      embeddingSize: embeddingSize, structure: structure, sides: sides, pooling: pooling,
      attentionSize: 2, joinedNGrams: joinedNGrams, dropout: dropout,
      labelSmoothing: labelSmoothing)
  }

  /// A classifier none of whose parameters is zero.
  static func classifier(
    _ kind: LabelKind = .single, architecture: String = "lstm", size: Int = 4,
    structure: TextStructure = .sequence, sides: ReadingSides = .both,
    pooling: TextPooling? = nil, joinedNGrams: JoinedNGrams? = nil
  ) throws -> NeuralClassifier {
    let classifier = try NeuralClassifier(
      configuration(
        labels(kind), architecture: architecture, size: size, structure: structure, sides: sides,
        pooling: pooling, joinedNGrams: joinedNGrams),
      tokenizer: tokenizer(), from: RandomParameters(seed: 4))
    for (index, parameter) in classifier.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape, 0.6)
    }
    return classifier
  }

  /// Texts of the letters from c to f and spaces, of which those of class 1 have an a in two places, and the others
  /// a b in one.
  static func markedTexts(_ count: Int, seed: UInt64) -> ClassifierExamples {
    var random = RandomSource(seed: seed)
    var (texts, truth) = ([String](), [[Int]]())
    for index in 0..<count {
      let length = 6 + random.nextInt(below: 8)
      var letters = (0..<length).map { _ in
        Array("cdef ".utf8)[random.nextInt(below: 5)]
      }
      let places = random.shuffled(0..<length)
      if index % 2 == 1 {
        letters[places[0]] = UInt8(ascii: "a")
        letters[places[1]] = UInt8(ascii: "a")
      } else {
        letters[places[0]] = UInt8(ascii: "b")
      }
      texts.append(String(decoding: letters, as: UTF8.self))
      truth.append([index % 2])
    }
    return ClassifierExamples(texts: texts, truth: truth)
  }

  /// Settings for such texts.
  static func settings(
    steps: Int? = nil, epochs: Int = 2, rate: Double = 0.02, pooling: TextPooling = .joined,
    noise: NoiseRule = .none, averaging: AveragingRule? = nil, patience: Int? = nil,
    course: LearningRateCourse = .cosine, dropout: Double = 0.2
  ) throws -> NeuralTrainingSettings {
    NeuralTrainingSettings(
      classifier: try configuration(
        LabelSet(kind: .single, names: ["neither", "yes"]), architecture: "gru", size: 8,
        embeddingSize: 6, pooling: pooling, dropout: dropout),
      trainer: TrainerSettings(seed: 5, noise: noise, averaging: averaging),
      plan: LearningRatePlan(
        peak: rate, warmupSteps: 2, course: course,
        horizon: steps.map { .steps($0) } ?? .epochs(epochs)),
      batchSize: 8, patience: patience)
  }
}
