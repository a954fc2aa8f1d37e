/// The file `folds.json`: what the folds of a cross-validation have in common, and their results.
struct FoldsFile {
  /// The name of the file in the folder of all folds.
  static let name = "folds.json"
  /// The newest format that is read, and the one that is written.
  private static let formatVersion = 1

  var foldCount: Int
  var settings: RunSettings
  /// The texts' names and digests.
  var corpus: JSONField
  var transfer: (part: Transfer.Part, model: String)?
  /// The first fold's; those of the others are the same only where the vocabulary was given.
  var tokenizer: Tokenizer
  var commandLine: [String]
  var elapsedSeconds: Double
  var results: [FoldResult]

  init(
    foldCount: Int, settings: RunSettings, corpus: JSONValue,
    transfer: (part: Transfer.Part, model: String)?, tokenizer: Tokenizer, commandLine: [String],
    elapsedSeconds: Double, results: [FoldResult]
  ) {
    self.foldCount = foldCount
    self.settings = settings
    self.corpus = JSONField(corpus, path: "corpus")
    self.transfer = transfer
    self.tokenizer = tokenizer
    self.commandLine = commandLine
    self.elapsedSeconds = elapsedSeconds
    self.results = results
  }

  var json: JSONValue {
    var object: JSONObject = [
      "format": "textlm-folds", "format_version": JSONValue(Self.formatVersion),
      "folds": JSONValue(foldCount), "elapsed_seconds": JSONValue(elapsedSeconds),
    ]
    for member in FoldResult.json(results).members { object.append(member.key, member.value) }
    object.append("run", settings.json)
    object.append("corpus", corpus.value)
    if let transfer {
      object.append(
        "transfer",
        ["part": JSONValue(transfer.part.rawValue), "model": JSONValue(transfer.model)])
    }
    object.append("tokenizer", tokenizer.description.json)
    object.append("command_line", .array(commandLine.map { JSONValue($0) }))
    return .object(object)
  }

  /// Reads a file, which may come from anywhere.
  init(_ json: JSONField, registry: ArchitectureRegistry) throws {
    guard try json.string("format") == "textlm-folds" else {
      throw JSONFieldError.wrongType(
        path: json.path + ".format", expected: "textlm-folds", found: try json.string("format"))
    }
    _ = try json.int("format_version", in: 1...Self.formatVersion)
    foldCount = try json.int("folds", in: CrossValidation.foldCounts)
    settings = try RunSettings(json.field("run"), validationFiles: [], registry: registry)
    corpus = try json.field("corpus")
    transfer = try json.optionalField("transfer").map { field in
      let part = try field.string("part")
      guard let known = Transfer.Part(rawValue: part) else {
        throw JSONFieldError.wrongType(
          path: field.path + ".part", expected: "model or embeddings", found: part)
      }
      return (known, try field.string("model"))
    }
    tokenizer = try Tokenizer(TokenizerDescription(json.field("tokenizer")))
    if try json.field("run").bool("frozen_vocabulary") {
      settings.data.vocabulary.frozen = tokenizer.vocabulary
    }
    commandLine = try json.field("command_line").elements().map { try $0.string() }
    elapsedSeconds = try json.double("elapsed_seconds", in: 0...1e12)
    results = try json.field("results").elements().map { try FoldResult($0) }
    guard results.count <= foldCount, results.map(\.fold) == Array(1..<results.count + 1) else {
      throw JSONFieldError.wrongType(
        path: json.path + ".results", expected: "the folds from 1 on, in order",
        found: "\(results.map(\.fold))")
    }
  }
}
