/// What the training of a classifier is going to be, found out without training.
///
/// ```swift
/// let plan = try ClassifierPlan(training, parts)
/// print(plan.parameterCount ?? 0, plan.stepsPerEpoch ?? 0)
/// ```
public struct ClassifierPlan: Sendable {
  /// The name of what is trained, as `--arch` has it.
  public let architectureName: String
  /// What there is to tell apart.
  public let labels: LabelSet
  /// How many of the texts to learn from have each label, in the order of the labels.
  public let labelCounts: [Int]
  /// Texts to learn from.
  public let trainingCount: Int
  /// Texts to validate on.
  public let validationCount: Int
  /// The parameters of a network, or of the language model that a probe looks into; nil for n-grams,
  /// which are counted in the training.
  public let parameterCount: Int?
  /// The tokens that it knows; nil for n-grams, which read characters as they are.
  public let vocabularySize: Int?
  /// Optimizer steps of an epoch; nil for what is not trained in steps.
  public let stepsPerEpoch: Int?
  /// What else decides the training: all settings of a network, or what is tried for the others.
  public let settings: JSONValue

  /// Makes a network and checks all that can be refused before the first step, but no folder.
  ///
  /// Throws as `TextClassifierTraining.train` does before it trains.
  public init(_ training: TextClassifierTraining, _ parts: ClassifierParts) throws {
    architectureName = training.method.name
    labels = parts.labels
    labelCounts = parts.labelCounts
    trainingCount = parts.training.count
    validationCount = parts.validation.count
    switch training.method {
    case .ngrams(let configuration):
      (parameterCount, vocabularySize, stepsPerEpoch) = (nil, nil, nil)
      settings = [
        "features": configuration.json,
        "data_weights": .array(configuration.dataWeights.map { JSONValue($0) }),
        "seed": JSONValue(training.seed), "balanced": JSONValue(training.isBalanced),
      ]
    case .network(let recipe):
      let network = try training.neuralTraining(recipe, parts)
      parameterCount = network.classifier.parameterCount
      vocabularySize = network.classifier.tokenizer.vocabulary.count
      stepsPerEpoch = network.stepsPerEpoch
      settings = network.settings.json
    case .probe(let model, let name):
      guard let configuration = model.configuration.neural else {
        throw TransferError.noNetwork(model: name)
      }
      parameterCount = model.parameterCount
      vocabularySize = model.tokenizer.vocabulary.count
      stepsPerEpoch = nil
      settings = [
        "model": configuration.json,
        "inverse_strengths": .array(ProbeTraining.inverseStrengths.map { JSONValue($0) }),
        "seed": JSONValue(training.seed),
      ]
    }
  }
}

extension ClassifierPlan {
  /// As `classify train --dry-run` prints it.
  public var json: JSONObject {
    func json(_ count: Int?) -> JSONValue { count.map { JSONValue($0) } ?? .null }
    return [
      "architecture": JSONValue(architectureName), "kind": JSONValue(labels.kind.rawValue),
      "labels": .array(
        zip(labels.names, labelCounts).map { ["name": JSONValue($0), "texts": JSONValue($1)] }),
      "training_texts": JSONValue(trainingCount), "validation_texts": JSONValue(validationCount),
      "parameters": json(parameterCount), "vocabulary": json(vocabularySize),
      "steps_per_epoch": json(stepsPerEpoch), "settings": settings,
    ]
  }
}
