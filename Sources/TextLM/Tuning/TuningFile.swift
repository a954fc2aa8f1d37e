/// The file `tune.json`: what a search is for, what it has found, and where it is.
struct TuningFile: SeriesFile {
  /// The name of the file in the search's folder.
  static let name = "tune.json"
  private static let formatVersion = 1

  var seconds: Double
  var seed: UInt64
  var candidates: [TuningCandidate]
  var settings: RunSettings
  var corpus: JSONValue
  /// The tokenizer of a vocabulary that was given.
  var tokenizer: Tokenizer?
  var commandLine: [String]
  var elapsedSeconds = 0.0
  /// Seconds for each training of the rungs that have begun.
  var trainingSeconds: [Double] = []
  var results: [TuningResult] = []

  var json: JSONValue {
    var object: JSONObject = [
      "format": "textlm-tune", "format_version": JSONValue(Self.formatVersion),
      "seconds": JSONValue(seconds), "seed": JSONValue(seed),
      "elapsed_seconds": JSONValue(elapsedSeconds),
      "candidates": .array(candidates.map(\.json)),
      "training_seconds": .array(trainingSeconds.map { JSONValue($0) }),
      "results": .array(results.map(\.json)), "run": settings.json, "corpus": corpus,
    ]
    if let tokenizer { object.append("tokenizer", tokenizer.description.json) }
    object.append("command_line", .array(commandLine.map { JSONValue($0) }))
    return .object(object)
  }
}

extension TuningFile {
  /// Reads a file, which may come from anywhere.
  init(
    _ json: JSONField, validationFiles: [CorpusFile], registry: ArchitectureRegistry
  ) throws {
    let times = 0.0...1e12
    guard try json.string("format") == "textlm-tune" else {
      throw JSONFieldError.wrongType(
        path: json.path + ".format", expected: "textlm-tune", found: try json.string("format"))
    }
    _ = try json.int("format_version", in: 1...Self.formatVersion)
    let tokenizer = try json.optionalField("tokenizer").map {
      try Tokenizer(TokenizerDescription($0))
    }
    var settings = try RunSettings(
      json.field("run"), validationFiles: validationFiles, registry: registry)
    settings.data.vocabulary.frozen = tokenizer?.vocabulary
    self.init(
      seconds: try json.double("seconds", in: times), seed: try json.uint64("seed"),
      candidates: try json.field("candidates").elements().map { try TuningCandidate($0) },
      settings: settings, corpus: try json.field("corpus").value, tokenizer: tokenizer,
      commandLine: try json.field("command_line").elements().map { try $0.string() },
      elapsedSeconds: try json.double("elapsed_seconds", in: times),
      trainingSeconds: try json.field("training_seconds").elements().map {
        try $0.double(in: times)
      },
      results: try json.field("results").elements().map { try TuningResult($0) })
    let (numbers, rungs) = (candidates.map(\.number), plan.rungs)
    guard HalvingPlan.candidateCounts.contains(candidates.count),
      numbers == Array(1..<numbers.count + 1), trainingSeconds.count <= rungs.count,
      results.allSatisfy({
        candidates.indices.contains($0.candidate - 1) && trainingSeconds.indices.contains($0.rung)
      })
    else {
      throw JSONFieldError.wrongType(
        path: json.path, expected: "candidates from 1 on and their results",
        found: "others")
    }
  }

  /// How the time is divided.
  var plan: HalvingPlan { HalvingPlan(seconds: seconds, candidateCount: candidates.count) }
}

/// What one training of a search came to.
public struct TuningResult: Sendable, Equatable {
  /// The candidate's number, from 1.
  public let candidate: Int
  /// The rung, from 0.
  public let rung: Int
  /// Seconds that the training was given.
  public let seconds: Double
  /// Optimizer steps.
  public let stepCount: Int
  /// The best model's cross-entropy on the text that was held out; nil when the training diverged or
  /// was too large for the machine.
  public let natsPerToken: Double?

  /// The JSON of `tune.json` and of the command's results, with the rung from 1.
  public var json: JSONValue {
    [
      "candidate": JSONValue(candidate), "rung": JSONValue(rung + 1),
      "seconds": JSONValue(seconds), "steps": JSONValue(stepCount),
      "nats_per_token": natsPerToken.map { JSONValue($0) } ?? .null,
    ]
  }
}

extension TuningResult {
  init(_ json: JSONField) throws {
    self.init(
      candidate: try json.int("candidate", in: 1...1000),
      rung: try json.int("rung", in: 1...64) - 1,
      seconds: try json.double("seconds", in: 0...1e12),
      stepCount: try json.int("steps", in: 0...Int.max),
      natsPerToken: try json.optionalField("nats_per_token")?.double(in: 0...1e12))
  }
}

extension TuningFile {
  /// What all candidates have in common.
  static func run(in json: JSONField) throws -> JSONField? { try json.field("run") }
}
