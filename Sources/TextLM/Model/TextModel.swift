/// A trained model with its tokenizer: what `textlm train` makes, for writing and measuring text.
///
/// ```swift
/// let model = try TextModel(contentsOf: "shakespeare.textlm")
/// for piece in model.generate(from: "ROMEO:", sampling: [try Temperature(0.8)], seed: 7).prefix(600) {
///   print(piece, terminator: "")
/// }
/// print(try model.score("To be, or not to be").bitsPerCharacter)
/// ```
public struct TextModel: Sendable {
  /// Its architecture and sizes.
  public let configuration: TextModelConfiguration
  /// What turns text into the model's tokens and back.
  public let tokenizer: Tokenizer
  /// The model itself.
  public let languageModel: any LanguageModel
  /// What it was trained on and how, as a JSON object.
  public let card: JSONValue
  /// What was noticed while reading the file and is worth telling.
  public let warnings: [String]

  /// Reads a model: a file, or the folder of a run, of which it takes the best model.
  ///
  /// Throws `StorageError` when the file cannot be read, `SafetensorsError` and `ModelError` when
  /// it is damaged or no model, each with its path.
  public init(contentsOf path: String, registry: ArchitectureRegistry = .builtIn) throws {
    let content = try ModelFile.read(ModelFile.path(of: path), registry: registry)
    configuration = content.configuration
    tokenizer = content.tokenizer
    languageModel = content.model
    card = content.card
    warnings = content.warnings
  }

  /// The number of all parameters' elements; of an n-gram model, that of its probabilities and
  /// weights.
  public var parameterCount: Int {
    if let counted = languageModel as? NGramModel { return counted.numberCount }
    return languageModel.parameters.reduce(0) { $0 + $1.shape.count }
  }
}

extension ModelFile {
  /// The model's file for a path that is given: itself, or the model in a run's folder.
  static func path(of path: String) throws(StorageError) -> String {
    do throws(StorageError) {
      return try Folder(path).path(to: name)
    } catch .notAFolder {
      return path
    }
  }
}
