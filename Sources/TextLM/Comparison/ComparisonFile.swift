/// The file `compare.json`: what is compared, and what has been found.
struct ComparisonFile: SeriesFile {
  /// The name of the file in the comparison's folder.
  static let name = "compare.json"
  private static let format = "textlm-compare"
  private static let formatVersion = 1

  var seconds: Double
  var entries: [RunSettings]
  var corpus: JSONValue
  /// The tokenizer of a vocabulary that was given.
  var tokenizer: Tokenizer?
  var commandLine: [String]
  var elapsedSeconds = 0.0
  var results: [ComparisonResult] = []

  var json: JSONValue {
    var object: JSONObject = [
      "format": JSONValue(Self.format), "format_version": JSONValue(Self.formatVersion),
      "seconds": JSONValue(seconds), "elapsed_seconds": JSONValue(elapsedSeconds),
      "entries": .array(entries.map(\.json)), "results": .array(results.map(\.json)),
      "corpus": corpus,
    ]
    if let tokenizer { object.append("tokenizer", tokenizer.description.json) }
    object.append("command_line", .array(commandLine.map { JSONValue($0) }))
    return .object(object)
  }
}

extension ComparisonFile {
  /// Reads a file, which may come from anywhere.
  init(
    _ json: JSONField, validationFiles: [CorpusFile], registry: ArchitectureRegistry
  ) throws {
    let times = 0.0...1e12
    guard try json.string("format") == Self.format else {
      throw JSONFieldError.wrongType(
        path: json.path + ".format", expected: Self.format, found: try json.string("format"))
    }
    _ = try json.int("format_version", in: 1...Self.formatVersion)
    let tokenizer = try json.optionalField("tokenizer").map {
      try Tokenizer(TokenizerDescription($0))
    }
    self.init(
      seconds: try json.double("seconds", in: times),
      entries: try json.field("entries").elements().map {
        var settings = try RunSettings($0, validationFiles: validationFiles, registry: registry)
        settings.data.vocabulary.frozen = tokenizer?.vocabulary
        return settings
      },
      corpus: try json.field("corpus").value, tokenizer: tokenizer,
      commandLine: try json.field("command_line").elements().map { try $0.string() },
      elapsedSeconds: try json.double("elapsed_seconds", in: times),
      results: try json.field("results").elements().map { try ComparisonResult($0) })
    let names = entries.map { type(of: $0.model.architecture).name }
    guard !names.isEmpty, Set(names).count == names.count,
      results.map(\.architecture) == Array(names.prefix(results.count))
    else {
      throw JSONFieldError.wrongType(
        path: json.path, expected: "distinct architectures and results in their order",
        found: "others")
    }
  }
}

extension ComparisonFile {
  /// That of the first architecture.
  static func run(in json: JSONField) throws -> JSONField? {
    try json.field("entries").elements().first
  }
}
