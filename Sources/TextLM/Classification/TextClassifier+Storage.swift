/// A classifier in a model file, whose `config` has `classifier` as its `kind`, what answers as
/// `classifier`, and the `labels`; the training card has the `thresholds`, where there are any. See
/// `ModelFile` for the rest.
extension TextClassifier {
  /// What the `config` of a classifier of n-grams has as its `classifier`.
  private static let ngrams = NGramFeatureConfiguration.architectureName
  private static let thresholdKey = "thresholds"

  /// Reads a classifier: a file, or the folder of a training, of which it takes the best classifier.
  ///
  /// Throws `StorageError` when the file cannot be read, and `ModelError` when it is damaged or is no
  /// classifier, each with its path.
  public init(contentsOf path: String, registry: ArchitectureRegistry = .builtIn) throws {
    let path = try ModelFile.path(of: path)
    let file = try ModelFile.open(path)
    let (classifier, card) = try ModelFile.namingContent(of: path) {
      let config = try ModelFile.field("config", of: file, path)
      guard try ModelFile.isClassifier(config) else {
        throw ModelError.languageModel(path: path)
      }
      return (
        try config.string("classifier"), try ModelFile.field("training", of: file, path)
      )
    }
    let model: Model
    switch classifier {
    case Self.ngrams: model = .ngrams(try Self.ngrams(file, path: path))
    case NeuralClassifierConfiguration.classifier:
      model = .network(try NeuralClassifier(file, path: path, registry: registry))
    case LanguageModelProbe.classifier:
      model = .probe(try LanguageModelProbe(file, path: path, registry: registry))
    default:
      throw ModelError.metadata(
        path: path,
        problem:
          "it is a classifier of the kind \(quotedForMessage(classifier)), which there is not")
    }
    let thresholds = try ModelFile.namingContent(of: path) {
      try card.optionalField(Self.thresholdKey)?.elements().map { try $0.double(in: 0...1) }
    }
    let labels = model.labels
    if let thresholds, labels.kind != .multiple || thresholds.count != labels.count {
      throw ModelError.metadata(
        path: path,
        problem: "there are \(thresholds.count) thresholds of \(labels.count) labels \(labels.kind)"
      )
    }
    self.init(
      model, thresholds: thresholds, card: card.value,
      checksum: try ModelFile.checksum(of: file, path))
  }

  /// Writes the classifier with its card and its thresholds, whole or not at all.
  ///
  /// Throws `ModelError.notFinite` for numbers that are none, and nothing is written then;
  /// `StorageError`.
  public func write(to path: String) throws {
    let card = storedCard
    switch model {
    case .ngrams(let model):
      try ModelFile.write(
        safetensorsEntries, config: Self.config(of: model), tokenizer: nil, card: card, to: path)
    case .network(let model): try model.write(to: path, card: card)
    case .probe(let model): try model.write(to: path, card: card)
    }
  }

  /// What the `config` of a classifier of n-grams is.
  static func config(of model: NGramClassifier) -> JSONValue {
    [
      "kind": JSONValue(NeuralClassifierConfiguration.kind),
      "classifier": JSONValue(Self.ngrams), "labels": model.labels.json,
      "features": model.configuration.json,
    ]
  }

  /// The card as it is stored, with the thresholds in it.
  var storedCard: JSONValue {
    guard let thresholds else { return card }
    var object = JSONObject()
    if case .object(let own) = card { object = own }
    object.append(Self.thresholdKey, .array(thresholds.map { JSONValue($0) }))
    return .object(object)
  }

  private static func ngrams(_ file: SafetensorsFile, path: String) throws -> NGramClassifier {
    try ModelFile.namingContent(of: path) {
      let config = try ModelFile.field("config", of: file, path)
      try config.allowOnly(["kind", "classifier", "labels", "features"])
      let model = try NGramClassifier(
        file, configuration: NGramFeatureConfiguration(config.field("features")),
        labels: LabelSet(config.field("labels")))
      try ModelFile.checkNames(model.safetensorsEntries.map(\.name), of: file, path: path)
      return model
    }
  }
}

extension ModelFile {
  /// Whether a `config` is that of a classifier of texts.
  static func isClassifier(_ config: JSONField) throws(JSONFieldError) -> Bool {
    guard let kind = try config.optionalField("kind")?.string() else { return false }
    return kind.utf8.elementsEqual(NeuralClassifierConfiguration.kind.utf8)
  }
}
