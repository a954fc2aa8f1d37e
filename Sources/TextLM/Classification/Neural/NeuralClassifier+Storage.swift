/// A neural classifier in a model file: the parameters by their paths, the configuration as `config`, and
/// the tokenizer. See `ModelFile` for the rest.
extension NeuralClassifier {
  /// Writes the classifier, whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - card: What is to be known of its origin, a JSON object.
  /// - Throws: `ModelError.notFinite` for weights that are no numbers, and nothing is written then;
  ///   `StorageError`.
  public func write(to path: String, card: JSONValue = [:]) throws {
    try checkFinite(path)
    try ModelFile.write(
      safetensorsEntries, config: configuration.json, tokenizer: tokenizer, card: card, to: path)
  }

  /// What is written.
  public var safetensorsEntries: [SafetensorsEntry] {
    parameters.map { $0.value.safetensorsEntry(named: $0.path) }
  }

  /// Reads a classifier: a file, or the folder of a training, of which it takes the best classifier.
  ///
  /// Throws `StorageError` when the file cannot be read, and `ModelError` when it is damaged or is no
  /// neural classifier, each with its path.
  public init(contentsOf path: String, registry: ArchitectureRegistry = .builtIn) throws {
    let path = try ModelFile.path(of: path)
    try self.init(ModelFile.open(path), path: path, registry: registry)
  }

  /// Reads a classifier from an open model file; `path` is what messages call it.
  init(_ file: SafetensorsFile, path: String, registry: ArchitectureRegistry) throws {
    self = try ModelFile.namingContent(of: path) {
      let classifier = try NeuralClassifier(
        NeuralClassifierConfiguration(
          ModelFile.field("config", of: file, path), registry: registry),
        tokenizer: Tokenizer(TokenizerDescription(ModelFile.field("tokenizer", of: file, path))),
        from: SafetensorsParameters(file))
      try ModelFile.checkNames(classifier.parameters.map(\.path), of: file, path: path)
      return classifier
    }
    try checkFinite(path)
  }

  private func checkFinite(_ path: String) throws(ModelError) {
    for parameter in parameters where !parameter.value.isFinite {
      throw .notFinite(path: path, name: parameter.path)
    }
  }
}
