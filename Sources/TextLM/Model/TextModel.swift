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
  public let configuration: ModelConfiguration
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

  /// The number of all parameters' elements.
  public var parameterCount: Int {
    languageModel.parameters.reduce(0) { $0 + $1.shape.count }
  }

  /// A text that begins after `prompt` and is written as it is read; of a backward model, one that ends
  /// before `prompt`, whose units come from the last to the first.
  ///
  /// - Parameters:
  ///   - prompt: Any text; characters that the model does not know are read as unknown.
  ///   - sampling: Applied to the logits in this order.
  ///   - seed: The same seed gives the same text.
  ///   - precision: The operands' format in matrix products.
  public func generate(
    from prompt: String = "", sampling: [any LogitsProcessor] = [], seed: UInt64 = 0,
    precision: ComputePrecision = .float32
  ) -> TextGenerator {
    generate(
      from: prompt, Sampler(sampling, random: RandomSource(seed: seed).stream("sample")),
      precision: precision)
  }

  func generate(
    from prompt: String, _ sampler: Sampler, precision: ComputePrecision
  ) -> TextGenerator {
    TextGenerator(
      reader: languageModel.reader(precision: precision),
      prompt: configuration.direction.ordered(tokenizer.encode(prompt)),
      sampler: sampler, vocabulary: tokenizer.vocabulary)
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
