/// A probe in a model file: the language model's parameters under `model`, `probe.weight`
/// [outputs, units] and `probe.bias` [outputs], and the labels and the language model's configuration as
/// `config`. See `ModelFile` for the rest.
extension LanguageModelProbe {
  /// What the `config` has as its `classifier`.
  static let classifier = "probe"
  private static let modelPrefix = "model."
  private static let weightName = "probe.weight"
  private static let biasName = "probe.bias"

  /// The JSON of the file's `config`.
  public var json: JSONValue {
    [
      "kind": JSONValue(NeuralClassifierConfiguration.kind),
      "classifier": JSONValue(Self.classifier), "labels": labels.json,
      "model": configuration.json,
    ]
  }

  /// Writes the probe with its language model, whole or not at all; `card` is what is to be known of its
  /// origin, a JSON object.
  ///
  /// Throws `ModelError.notFinite` for numbers that are none, and nothing is written then;
  /// `StorageError`.
  public func write(to path: String, card: JSONValue = [:]) throws {
    for (name, tensor) in tensors where !tensor.isFinite {
      throw ModelError.notFinite(path: path, name: name)
    }
    try ModelFile.write(
      safetensorsEntries, config: json, tokenizer: tokenizer, card: card, to: path)
  }

  /// What is written.
  public var safetensorsEntries: [SafetensorsEntry] {
    tensors.map { $0.tensor.safetensorsEntry(named: $0.name) }
  }

  private var tensors: [(name: String, tensor: Tensor)] {
    reader.languageModel.parameters.map { (Self.modelPrefix + $0.path, $0.value) } + [
      (Self.weightName, Tensor(weights, shape: [biases.count, units.count])),
      (Self.biasName, Tensor(biases, shape: [biases.count])),
    ]
  }

  /// Reads a probe: a file, or a folder with one.
  ///
  /// Throws `StorageError` when the file cannot be read, and `ModelError` when it is damaged or is no
  /// probe, each with its path.
  public init(contentsOf path: String, registry: ArchitectureRegistry = .builtIn) throws {
    let path = try ModelFile.path(of: path)
    try self.init(ModelFile.open(path), path: path, registry: registry)
  }

  /// Reads a probe from an open model file; `path` is what messages call it.
  init(_ file: SafetensorsFile, path: String, registry: ArchitectureRegistry) throws {
    self = try ModelFile.namingContent(of: path) {
      let config = try ModelFile.field("config", of: file, path)
      try config.allowOnly(["kind", "classifier", "labels", "model"])
      try config.field("kind").require(NeuralClassifierConfiguration.kind)
      try config.field("classifier").require(Self.classifier)
      let configuration = try ModelConfiguration(config.field("model"), registry: registry)
      let labels = try LabelSet(config.field("labels"))
      let tokenizer = try Tokenizer(
        TokenizerDescription(ModelFile.field("tokenizer", of: file, path)))
      let model = try configuration.makeModel(
        vocabularySize: tokenizer.vocabulary.count,
        from: SafetensorsParameters(file, prefix: Self.modelPrefix))
      let reader = StateReader(
        model, tokenizer: tokenizer, direction: configuration.direction)
      let stored = SafetensorsParameters(file)
      let outputCount = ClassifierHead.outputCount(labels)
      let weight = try stored.tensor(
        at: Self.weightName, shape: [outputCount, reader.units.count], .zeros)
      let bias = try stored.tensor(at: Self.biasName, shape: [outputCount], .zeros)
      let names = model.parameters.map { Self.modelPrefix + $0.path }
      try ModelFile.checkNames(names + [Self.weightName, Self.biasName], of: file, path: path)
      for (name, tensor) in zip(names, model.parameters.map(\.value))
        + [(Self.weightName, weight), (Self.biasName, bias)] where !tensor.isFinite
      {
        throw ModelError.notFinite(path: path, name: name)
      }
      return LanguageModelProbe(
        labels: labels, configuration: configuration, reader: reader, weights: weight.array,
        biases: bias.array)
    }
  }
}
