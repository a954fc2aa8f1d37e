/// The file `state.safetensors`: all that a training needs to go on as if it had never stopped.
///
/// Tensors are the weights, the optimizer's moments and the carried state; the metadata holds the
/// progress, the settings, the tokenizer, the digests of the texts and the best result so far. One
/// rename replaces it as a whole, and the file before it is kept for the case that the disk damages
/// the newest.
struct RunState {
  /// The name of the file in a run's folder.
  static let name = "state.safetensors"
  /// The newest format that is read, and the one that is written.
  static let formatVersion = 1
  /// What the names of the last good state's tensors begin with, where it is not the present one.
  static let goodPrefix = "good."

  var settings: RunSettings
  var progress: TrainingProgress
  /// The step after which the model was last measured; nil before the first time.
  var lastEvaluationStep: Int?
  var best: BestResult?
  /// What evaluations have said to the schedule.
  var plateau = PlateauState()
  /// What they have said to early stopping.
  var stopping = PlateauState()
  /// What is known of diverging.
  var divergence = DivergenceGuard()
  /// Where the last good state is, when it is not the present one.
  var goodProgress: TrainingProgress?
  var corpus: [CorpusFile]
  var tokenizer: Tokenizer
  /// What the run was begun with, for the training card.
  var commandLine: [String]
  /// Time spent so far, where it decides when the training ends.
  var elapsedSeconds: Double?

  /// The best evaluation so far.
  struct BestResult: Equatable {
    var step: Int
    var evaluation: Evaluation
  }

  /// Whether a folder holds a state, or the one before it.
  static func exists(in folder: Folder) -> Bool {
    folder.contains(name) || folder.contains(AtomicFile.previousPath(of: name))
  }

  /// The folder of a training that can go on.
  ///
  /// Throws `TrainingError.noRun` where there is none; `StorageError`.
  static func folder(ofRunAt path: String) throws -> Folder {
    do throws(StorageError) {
      let folder = try Folder(path)
      if exists(in: folder) { return folder }
    } catch .missing {
      // As where nothing is in the folder.
    }
    throw TrainingError.noRun(path: path)
  }

  func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
    var progress = self.progress.json
    if let elapsedSeconds { progress.append("elapsed_seconds", JSONValue(elapsedSeconds)) }
    if let lastEvaluationStep {
      progress.append("evaluated_step", JSONValue(lastEvaluationStep))
    }
    if let best {
      progress.append("best_step", JSONValue(best.step))
      progress.append("best_nats", JSONValue(best.evaluation.nats))
      progress.append("best_tokens", JSONValue(best.evaluation.tokenCount))
    }
    progress.append("plateau", plateau.json)
    progress.append("stopping", stopping.json)
    progress.append("divergence", divergence.json)
    if let goodProgress { progress.append("good", .object(goodProgress.json)) }
    let writer = try SafetensorsWriter(
      tensors.map { $0.tensor.safetensorsEntry(named: $0.name) },
      metadata: [
        ("format", "textlm-state"), ("format_version", "\(Self.formatVersion)"),
        ("run", try settings.json.text()),
        ("corpus", try JSONValue.array(corpus.map(\.json)).text()),
        ("tokenizer", try tokenizer.description.json.text()),
        ("command_line", try JSONValue.array(commandLine.map { JSONValue($0) }).text()),
        ("progress", try JSONValue.object(progress).text()),
      ])
    try writer.write(to: path, replaced: .kept)
  }
}

/// A state that was read: what to build the trainer from.
struct StoredRun {
  var state: RunState
  let tensors: [String: Tensor]
  let file: SafetensorsFile
  /// The file that was read, the newest or the one before it.
  let path: String
  let warnings: [String]

  /// Reads the state of a run and checks that it belongs to `corpus`.
  init(
    path: String, corpus: [CorpusFile], validationFiles: [CorpusFile],
    registry: ArchitectureRegistry
  ) throws {
    let (file, usedPath, problem) = try SafetensorsFile.newestReadable(at: path)
    self.file = file
    warnings = StateFile.warnings(of: problem)
    self.path = usedPath
    (state, tensors) = try TrainingError.naming(usedPath) {
      (
        try Self.state(
          of: file, path: usedPath, corpus: corpus, validationFiles, registry: registry),
        try Self.tensors(of: file, path: usedPath)
      )
    }
  }

  /// The rules by which the texts were read.
  static func reading(path: String) throws -> ReadingRules {
    let (file, usedPath, _) = try SafetensorsFile.newestReadable(at: path)
    return try TrainingError.naming(usedPath) {
      guard let text = file.metadata("run") else {
        throw TrainingError.damagedState(path: usedPath, problem: "no run in its metadata")
      }
      return try ReadingRules(JSONField(try JSONValue(parsing: text), path: "run"))
    }
  }

  /// All tensors of a state, which must be finite numbers.
  static func tensors(of file: SafetensorsFile, path: String) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for info in file.tensors {
      // Asked for by its type before room is made for its elements.
      guard info.dtype == .float32 else {
        throw SafetensorsError.wrongDType(name: info.name, expected: .float32, found: info.dtype)
      }
      let tensor = try Tensor(unsafeUninitialized: Shape(info.shape)) {
        try file.readFloats(info.name, shape: info.shape, into: $0)
      }
      guard tensor.isFinite else {
        throw TrainingError.damagedState(
          path: path, problem: "\(TerminalText.neutralized(info.name)) is not finite")
      }
      tensors[info.name] = tensor
    }
    return tensors
  }

  private static func state(
    of file: SafetensorsFile, path: String, corpus: [CorpusFile],
    _ validationFiles: [CorpusFile], registry: ArchitectureRegistry
  ) throws -> RunState {
    func field(_ key: String) throws -> JSONField {
      guard let text = file.metadata(key) else {
        throw TrainingError.damagedState(path: path, problem: "no \(key) in its metadata")
      }
      return JSONField(try JSONValue(parsing: text), path: key)
    }
    guard file.metadata("format") == "textlm-state",
      let version = file.metadata("format_version").flatMap({ Int($0) }), version > 0
    else {
      throw TrainingError.damagedState(path: path, problem: "this is no state of a textlm run")
    }
    guard version <= RunState.formatVersion else {
      throw ModelError.newerFormat(
        path: path, version: version, known: RunState.formatVersion)
    }
    try checkCorpus(corpus, field("corpus"), path: path)
    let run = try field("run")
    let split = try run.field("split")
    if let files = try split.optionalField("files") {
      try checkCorpus(validationFiles, files, path: path)
    }
    let progress = try field("progress")
    var settings = try RunSettings(run, validationFiles: validationFiles, registry: registry)
    let tokenizer = try Tokenizer(TokenizerDescription(field("tokenizer")))
    // A vocabulary that was given when the run began is the run's own by now.
    if try run.optionalField("frozen_vocabulary")?.bool() == true {
      settings.data.vocabulary.frozen = tokenizer.vocabulary
    }
    return RunState(
      settings: settings, progress: try TrainingProgress(progress),
      lastEvaluationStep: try progress.optionalField("evaluated_step")?.int(
        in: 0...Int.max >> 1),
      best: try best(progress),
      plateau: try progress.optionalField("plateau").map { try PlateauState($0) }
        ?? PlateauState(),
      stopping: try progress.optionalField("stopping").map { try PlateauState($0) }
        ?? PlateauState(),
      divergence: try progress.optionalField("divergence").map { try DivergenceGuard($0) }
        ?? DivergenceGuard(),
      goodProgress: try progress.optionalField("good").map { try TrainingProgress($0) },
      corpus: corpus, tokenizer: tokenizer,
      commandLine: try field("command_line").elements().map { try $0.string() },
      elapsedSeconds: try progress.optionalField("elapsed_seconds")?.double(in: 0...1e12))
  }

  /// The best result with its counts yet to be filled in, which the validation text gives anew.
  private static func best(_ progress: JSONField) throws -> RunState.BestResult? {
    guard let step = try progress.optionalField("best_step") else { return nil }
    return RunState.BestResult(
      step: try step.int(in: 0...Int.max),
      evaluation: Evaluation(
        nats: try progress.double("best_nats"), tokenCount: try progress.int("best_tokens"),
        counts: .zero))
  }

  static func checkCorpus(
    _ given: [CorpusFile], _ stored: JSONField, path: String
  ) throws {
    let expected = try stored.elements().map {
      (name: try $0.string("name"), digest: try $0.string("sha256"))
    }
    guard given.map(\.sha256) == expected.map(\.digest) else {
      throw TrainingError.otherCorpus(
        path: path, expected: expected.map { TerminalText.neutralized($0.name) },
        found: given.map { TerminalText.neutralized($0.name) })
    }
  }
}

extension TrainingProgress {
  /// As it is stored.
  var json: JSONObject {
    var object: JSONObject = [
      "step": JSONValue(step), "epoch": JSONValue(epoch), "window": JSONValue(window),
      "tokens": JSONValue(tokenCount),
    ]
    if let average {
      object.append(
        "average",
        [
          "steps": JSONValue(average.stepCount),
          "losses": .array(average.losses.map { JSONValue($0) }),
          "begun": JSONValue(average.isAveraging),
        ])
    }
    return object
  }

  init(_ json: JSONField) throws {
    let counts = 0...Int.max >> 1
    step = try json.int("step", in: counts)
    epoch = try json.int("epoch", in: counts)
    window = try json.int("window", in: counts)
    tokenCount = try json.int("tokens", in: counts)
    guard let stored = try json.optionalField("average") else { return }
    var progress = WeightAverage.Progress()
    progress.stepCount = try stored.int("steps", in: counts)
    progress.losses = try stored.field("losses").elements().map { try $0.double(in: -1e9...1e9) }
    progress.isAveraging = try stored.bool("begun")
    average = progress
  }
}

extension PlateauState {
  /// As it is stored.
  var json: JSONValue {
    [
      "best": best.map { JSONValue($0) } ?? .null, "wait": JSONValue(waitCount),
      "reductions": JSONValue(reductionCount),
    ]
  }

  init(_ json: JSONField) throws {
    self.init(
      best: try json.optionalField("best")?.double(in: -1e12...1e12),
      waitCount: try json.int("wait", in: 0...Int.max >> 1),
      reductionCount: try json.int("reductions", in: 0...Int.max >> 1))
  }
}
