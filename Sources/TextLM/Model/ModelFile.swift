/// The file of a model, `model.safetensors`: tensors, and in the metadata what they mean.
///
/// `format` is `textlm`, `format_version` an integer, `config` the `ModelConfiguration`,
/// `tokenizer` the tokenizer with its vocabulary, `training` the training card; all but the first
/// two are JSON. Checksums are those of `SafetensorsFile`. The `config` of an n-gram model is the
/// `NGramConfiguration`, and its tensors are those of `NGramModel.safetensorsEntries`.
enum ModelFile {
  /// The newest format that is read, and the one that is written.
  static let formatVersion = 1
  /// The name of the file in a run's folder.
  static let name = "model.safetensors"

  /// Writes a model, whole or not at all.
  static func write(
    _ parameters: [Parameter], configuration: ModelConfiguration, tokenizer: Tokenizer,
    card: JSONValue, to path: String
  ) throws {
    try write(
      parameters.map { $0.value.safetensorsEntry(named: $0.path) }, config: configuration.json,
      tokenizer: tokenizer, card: card, to: path)
  }

  /// Writes a model of any tensors, whole or not at all; one that reads characters as they are has no
  /// tokenizer.
  static func write(
    _ entries: [SafetensorsEntry], config: JSONValue, tokenizer: Tokenizer?, card: JSONValue,
    to path: String
  ) throws {
    var metadata = [
      ("format", "textlm"), ("format_version", "\(formatVersion)"),
      ("config", try config.text()),
    ]
    if let tokenizer { metadata.append(("tokenizer", try tokenizer.description.json.text())) }
    metadata.append(("training", try card.text(nonFinite: .null)))
    try SafetensorsWriter(entries, metadata: metadata).write(to: path)
  }

  /// Reads a model. A file is read back before it replaces the one before it, so there is never a
  /// need for an older generation.
  static func read(_ path: String, registry: ArchitectureRegistry) throws -> Content {
    let file = try open(path)
    return try namingContent(of: path) {
      try content(of: file, path: path, registry: registry)
    }
  }

  /// Reads something out of the file at `path`; what is wrong with its content becomes a `ModelError`.
  static func namingContent<Result>(of path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      switch error {
      case is JSONError, is JSONFieldError, is TextError, is ArchitectureError,
        is LabelledDataError,
        is NeuralClassifierError:
        throw ModelError.metadata(path: path, problem: "\(error)")
      case is NGramClassifierError, is ParameterError, is NGramError, is SafetensorsError:
        throw ModelError.tensors(path: path, problem: "\(error)")
      default:
        throw error
      }
    }
  }

  /// What a model file holds.
  struct Content {
    let configuration: TextModelConfiguration
    let tokenizer: Tokenizer
    let model: any LanguageModel
    let card: JSONValue
    /// The SHA-256 of the tensors, as 64 hexadecimal digits.
    let checksum: String
    /// What is worth a warning.
    let warnings: [String]
  }

  /// Opens a file of this textlm, whatever its model is for.
  ///
  /// A file without checksums comes from another program, or from a newer textlm whose rule for
  /// them is another; so the version comes first.
  static func open(_ path: String) throws -> SafetensorsFile {
    let unchecked = try SafetensorsFile(contentsOf: path, checksums: .ignored)
    if isModel(unchecked), let version = version(of: unchecked), version > formatVersion {
      throw ModelError.newerFormat(path: path, version: version, known: formatVersion)
    }
    do {
      let file = try SafetensorsFile(contentsOf: path, checksums: .required)
      try checkFormat(file, path: path)
      return file
    } catch StorageError.safetensors(let path, .missingChecksum(let key)) {
      throw ModelError.foreign(path: path, missing: key)
    }
  }

  private static func checkFormat(_ file: SafetensorsFile, path: String) throws(ModelError) {
    guard isModel(file) else { throw .foreign(path: path, missing: "format") }
    guard let version = version(of: file), version > 0 else {
      throw .metadata(path: path, problem: "format_version is missing or no positive integer")
    }
  }

  private static func isModel(_ file: SafetensorsFile) -> Bool {
    file.metadata("format").map { $0.utf8.elementsEqual("textlm".utf8) } == true
  }

  private static func version(of file: SafetensorsFile) -> Int? {
    file.metadata("format_version").flatMap { Int($0) }
  }

  private static func content(
    of file: SafetensorsFile, path: String, registry: ArchitectureRegistry
  ) throws -> Content {
    let config = try field("config", of: file, path)
    guard try !isClassifier(config) else { throw ModelError.classifier(path: path) }
    let task = try config.string("task")
    guard task == ModelConfiguration.task else {
      throw ModelError.otherTask(path: path, task: task)
    }
    let description = try TokenizerDescription(field("tokenizer", of: file, path))
    let tokenizer = try Tokenizer(description)
    let isCounted = try config.string("architecture").utf8.elementsEqual(
      NGramConfiguration.architectureName.utf8)
    let (configuration, model) =
      isCounted
      ? try countedModel(of: file, config, tokenizer, path: path)
      : try network(of: file, config, tokenizer, path: path, registry: registry)
    var warnings: [String] = []
    if !description.matchesInstalledTables {
      warnings.append(
        "\(path): made with Unicode \(description.unicodeVersion) tables, this system has "
          + "\(UnicodeTables.unicodeVersion): rare characters may be read differently")
    }
    return Content(
      configuration: configuration, tokenizer: tokenizer, model: model,
      card: try field("training", of: file, path).value, checksum: try checksum(of: file, path),
      warnings: warnings)
  }

  /// The checksum of the tensors, which was compared with them when the file was opened.
  static func checksum(of file: SafetensorsFile, _ path: String) throws(ModelError)
    -> String
  {
    let (key, prefix) = ("checksum", "sha256:")
    guard let text = file.metadata(key), text.hasPrefix(prefix) else {
      throw .foreign(path: path, missing: key)
    }
    return String(text.dropFirst(prefix.count))
  }

  private static func network(
    of file: SafetensorsFile, _ config: JSONField, _ tokenizer: Tokenizer, path: String,
    registry: ArchitectureRegistry
  ) throws -> (TextModelConfiguration, any LanguageModel) {
    let configuration = try ModelConfiguration(config, registry: registry)
    let model = try configuration.makeModel(
      vocabularySize: tokenizer.vocabulary.count, from: SafetensorsParameters(file))
    try checkNames(model.parameters.map(\.path), of: file, path: path)
    for parameter in model.parameters where !parameter.value.isFinite {
      throw ModelError.notFinite(path: path, name: parameter.path)
    }
    return (.neural(configuration), model)
  }

  private static func countedModel(
    of file: SafetensorsFile, _ config: JSONField, _ tokenizer: Tokenizer, path: String
  ) throws -> (TextModelConfiguration, any LanguageModel) {
    let configuration = try NGramConfiguration(config)
    let model = try NGramModel(
      file, order: configuration.order, vocabularySize: tokenizer.vocabulary.count)
    try checkNames(model.safetensorsEntries.map(\.name), of: file, path: path)
    return (.ngram(configuration), model)
  }

  /// Refuses a tensor that the model has no use for.
  static func checkNames(
    _ names: [String], of file: SafetensorsFile, path: String
  ) throws(ModelError) {
    let known = Set(names.map { Array($0.utf8) })
    for tensor in file.tensors where !known.contains(Array(tensor.name.utf8)) {
      throw .unexpectedTensor(path: path, name: tensor.name)
    }
  }

  /// What the metadata has at a key.
  static func field(
    _ key: String, of file: SafetensorsFile, _ path: String
  ) throws -> JSONField {
    guard let text = file.metadata(key) else { throw ModelError.foreign(path: path, missing: key) }
    return JSONField(try JSONValue(parsing: text), path: key)
  }
}

/// Parameters read from a safetensors file when they are asked for.
struct SafetensorsParameters: ParameterSource {
  private let file: SafetensorsFile
  private let prefix: String

  /// Looks for each parameter under its path behind `prefix`.
  init(_ file: SafetensorsFile, prefix: String = "") {
    self.file = file
    self.prefix = prefix
  }

  func tensor(at path: String, shape: Shape, _ initializer: Initializer) throws -> Tensor {
    let name = prefix + path
    guard file.contains(name) else { throw ParameterError.missing(path: path, shape: shape) }
    let stored = try file.info(name)
    guard stored.shape == shape.dimensions else {
      throw ParameterError.shape(path: path, expected: shape, found: Shape(stored.shape))
    }
    return try Tensor(unsafeUninitialized: shape) { buffer in
      try file.readFloats(name, shape: shape.dimensions, into: buffer)
    }
  }
}

extension Tensor {
  /// The tensor as it is written to a file.
  func safetensorsEntry(named name: String) -> SafetensorsEntry {
    SafetensorsEntry(name: name, dtype: .float32, shape: shape.dimensions) { body in
      try withUnsafeBuffer { try body(UnsafeRawBufferPointer($0)) }
    }
  }
}
