import TextLM
import Testing

/// What can be asked of a training beside its size and length.
@Suite("textlm train: options of training")
struct TrainingOptionsTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 4000), to: "corpus.txt")
    return folder
  }

  private func train(_ folder: ToolFolder, _ arguments: [String]) async throws -> ToolResult {
    try await folder.run(
      ["train", "corpus.txt", "--max-steps", "30", "--eval-every", "15"] + ToolModel.small
        + arguments)
  }

  /// Options, where the settings have them, and as what.
  private static let stored: [(options: [String], key: String, value: String)] = [
    (["--optimizer", "sgd"], "momentum", "0.9"),
    (["--optimizer", "sgd", "--momentum", "0", "--nesterov"], "nesterov", "true"),
    (["--optimizer", "rmsprop", "--decay-rate", "0.9"], "decay_rate", "0.9"),
    (["--optimizer", "rmsprop", "--centered", "--momentum", "0.5"], "centered", "true"),
    (["--optimizer", "adam", "--beta1", "0.8"], "beta1", "0.8"),
    (["--beta2", "0.95", "--epsilon", "1e-6"], "epsilon", "1e-06"),
    (["--weight-decay", "0.5"], "weight_decay", "0.5"),
    (["--grad-clip", "0", "--grad-clip-value", "0.01"], "gradient_limit", "0.01"),
    (["--ema-decay", "0.9"], "ema_decay", "0.9"),
    (["--asgd-patience", "2"], "asgd_patience", "2"),
    (["--schedule", "linear", "--lr-floor", "0.2"], "floor_ratio", "0.2"),
    (["--schedule", "step", "--decay-factor", "0.5", "--decay-from", "0"], "decay_factor", "0.5"),
    (["--schedule", "step", "--decay-every", "3"], "decay_every", "3"),
    (["--schedule", "cyclical", "--half-cycle", "0.5"], "half_cycle", "0.5"),
    (["--schedule", "one-cycle"], "schedule", "\"one-cycle\""),
    (["--schedule", "plateau", "--plateau-patience", "0"], "plateau_patience", "0"),
    (["--locked-dropout", "--output-dropout", "0.3"], "locked_dropout", "true"),
    (["--embedding-dropout", "0.3"], "embedding_dropout", "0.3"),
    (["--input-dropout", "0.5"], "input_dropout", "0.5"),
    (["--weight-drop", "0.5"], "weight_drop", "0.5"),
    (["--label-smoothing", "0.25"], "label_smoothing", "0.25"),
    (["--ar", "2.5"], "activation_regularization", "2.5"),
    (["--tar", "1.5"], "temporal_activation_regularization", "1.5"),
    (["--l1", "0.001"], "l1", "0.001"), (["--l2", "0.01"], "l2", "0.01"),
    (["--noise-substitution", "0.5"], "noise_substitution", "0.5"),
    (["--noise-deletion", "0.5"], "noise_deletion", "0.5"),
    (["--noise-swap", "0.5"], "noise_swap", "0.5"),
    (["--noise-case", "0.5"], "noise_case", "0.5"),
    (["--no-random-offset"], "random_offset", "null"),
    (["--random-length"], "random_length", "true"),
    (["--shuffle"], "shuffle", "true"),
    (["--init", "recurrent=he-normal"], "initialization", "[\"recurrent=he-normal\"]"),
    (["--init", "head.bias=0"], "initialization", "[\"head.bias=0\"]"),
    (["--one-hot"], "initialization", "[\"embedding=identity\"]"),
  ]

  /// One of the settings in a run's state; null where they do not have it.
  private func storedSetting(_ key: String, ofRunAt path: String) throws -> JSONValue {
    let file = try SafetensorsFile(
      contentsOf: path + "/state.safetensors", checksums: .required)
    let settings = JSONField(
      try JSONValue(parsing: try #require(file.metadata("run"))), path: "run")
    return try settings.optionalField(key)?.value ?? .null
  }

  /// An option that changes nothing is none: every one must give another model.
  @Test("Every option is stored, gives another model, and is not changed by --resume")
  func options() async throws {
    let folder = try folder()
    let plain = try await train(folder, ["-o", "plain"])
    #expect(plain.exitCode == 0, "\(plain.errors)")
    let weights = try ModelWeights(folder.path("plain"))
    for (index, (options, key, value)) in Self.stored.enumerated() {
      let name = "run\(index)"
      let result = try await train(folder, options + ["-o", name])
      #expect(result.exitCode == 0, "\(options): \(result.errors)")
      let isSame = try ModelWeights(folder.path(name)) == weights
      // Some have nothing to do yet in so short a training.
      let isLate = ["asgd_patience", "decay_every", "plateau_patience"].contains(key)
      #expect(isLate || !isSame, "\(options) changes nothing")
      let expected = try JSONValue(parsing: value)
      let stored = try storedSetting(key, ofRunAt: folder.path(name))
      #expect(stored == expected, "\(options): \(stored)")
      // The same wish again is fine; the run goes on to a later end.
      let again = try await folder.run(
        ["train", "corpus.txt", "--resume", "--max-steps", "31", "-o", name] + options)
      #expect(again.exitCode == 0, "\(options): \(again.errors)")
      let kept = try storedSetting(key, ofRunAt: folder.path(name))
      #expect(kept == expected, "\(options), gone on with: \(kept)")
    }
    let other = try await folder.run(
      "train", "corpus.txt", "--resume", "-o", "run0", "--optimizer", "adam")
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("--optimizer is adam, but the run began with sgd"))
    let rule = try await folder.run(
      "train", "corpus.txt", "--resume", "-o", "run0", "--init", "output=zeros")
    #expect(rule.exitCode == 64)
    #expect(rule.errors.contains("--init is output=zeros, but the run began with none"))
    let taken = try await train(
      folder, ["-o", "taken", "--init-from", "run0", "--init", "output=zeros"])
    #expect(taken.exitCode == 64)
  }

  @Test(
    "Numbers out of range, of another optimizer or of another schedule are refused",
    arguments: [
      (["--lr", "0"], "--lr is 0.0"), (["--momentum", "1"], "--momentum is 1.0"),
      (["--beta1", "-1"], "--beta1 is -1.0"), (["--weight-drop", "1"], "--weight-drop is 1.0"),
      (["--l1", "-1"], "--l1 is -1.0"), (["--ema-decay", "1"], "--ema-decay is 1.0"),
      (["--asgd-patience", "0"], "--asgd-patience is 0"),
      (["--ema-decay", "0.9", "--asgd-patience", "5"], "cannot be given together"),
      (["--nesterov"], "--nesterov means nothing to adamw"),
      (["--beta2", "0.9", "--optimizer", "sgd"], "--beta2 means nothing to sgd"),
      (["--decay-factor", "0.5"], "--decay-factor means nothing to cosine"),
      (["--schedule", "one-cycle", "--warmup-steps", "3"], "--warmup-steps means nothing"),
      (["--schedule", "step", "--lr-floor", "0.1"], "--lr-floor means nothing to step"),
      (["--half-cycle", "0", "--schedule", "cyclical"], "--half-cycle is 0.0"),
      (["--patience", "0"], "--patience is 0"),
      (["--shuffle", "--random-length"], "leave one out"),
      (["--init", "recurrent"], "does not say where and how"),
      (["--init", "recurrent=what"], "is no way to initialize"),
      (["--init", "gates=zeros"], "is no kind of parameters"),
      (["--init", "x.*=zeros"], "is for no parameter of this model"),
    ])
  func refusals(options: [String], message: String) async throws {
    let folder = try folder()
    let result = try await train(folder, options)
    #expect(result.exitCode == 64, "\(result.errors)")
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(!folder.contains("model.textlm/model.safetensors"))
  }

  @Test("--patience ends a training that becomes no better, and says so")
  func patience() async throws {
    let folder = try folder()
    let result = try await folder.run(
      [
        "train", "corpus.txt", "--max-steps", "5000", "--eval-every", "5", "--patience", "2",
        "--schedule", "constant", "--layers", "1", "--hidden-size", "24", "--batch-size", "8",
        "--seq-length", "16", "--lr", "0.05",
      ])
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("ended early: 2 evaluations in a row were no better"))
  }

  @Test("--one-hot makes an embedding as wide as the vocabulary, which stays the identity")
  func oneHot() async throws {
    let folder = try folder()
    let result = try await train(folder, ["--one-hot"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let file = try SafetensorsFile(
      contentsOf: folder.path("model.textlm/model.safetensors"), checksums: .required)
    let table = try file.floats("embedding.weight")
    let size = Int(Double(table.count).squareRoot())
    #expect(size * size == table.count && size > 20)
    for (index, value) in table.enumerated() {
      #expect(value == (index / size == index % size ? 1 : 0))
    }
    let refused = try await train(folder, ["-o", "tied", "--one-hot", "--tied"])
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("leave --embedding-size and --tied away"))
  }

  @Test("Dropout that changes nothing is told")
  func idleDropout() async throws {
    let folder = try folder()
    let one = try await train(folder, ["--layers", "1", "--dropout", "0.2", "--locked-dropout"])
    #expect(one.errors.contains("note: --dropout is between layers, of which there is one"))
    #expect(one.errors.contains("note: --locked-dropout is how"))
    let two = try await train(
      folder, ["-o", "two", "--layers", "2", "--dropout", "0.2", "--locked-dropout"])
    #expect(two.exitCode == 0 && !two.errors.contains("dropout is"))
  }

  @Test("--resume where the end was reached says so")
  func reachedEnd() async throws {
    let folder = try folder()
    #expect(try await train(folder, []).exitCode == 0)
    let again = try await folder.run("train", "corpus.txt", "--resume")
    #expect(again.exitCode == 0 && again.errors.contains("nothing to do: the run has reached"))
    #expect(!again.errors.contains("diagnosis:"))
  }

  @Test("Times may have several units, from great to small")
  func times() {
    #expect(Numbers.seconds("90") == 90 && Numbers.seconds("1.5h") == 5400)
    #expect(Numbers.seconds("1h30m") == 5400 && Numbers.seconds("1d2h3m4s") == 93_784)
    for text in ["", "m", "0s", "-5m", "30m1h", "5m5m", "5m30", "1x", "inf", "5 m"] {
      #expect(Numbers.seconds(text) == nil, "\(text)")
    }
  }

  @Test("--layer-norm and zoneout are the architecture's, and go into the model's file")
  func cells() async throws {
    let folder = try folder()
    let result = try await train(
      folder, ["--layer-norm", "--zoneout-cell", "0.25", "--zoneout-hidden", "0.125"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let inspected = try await folder.run("inspect", "--format", "json")
    let parameters = try #require(try jsonLines(inspected.output).first)
      .field("config").field("hyperparameters")
    #expect(try parameters.int("layer_norm") == 1)
    #expect(try parameters.double("zoneout_cell") == 0.25)
    #expect(try parameters.double("zoneout_hidden") == 0.125)
    #expect(try await folder.run("generate", "-n", "5").exitCode == 0)
  }
}

/// The weights that a run has kept.
private struct ModelWeights: Equatable {
  private let values: [String: [Float]]

  init(_ folder: String) throws {
    let file = try SafetensorsFile(
      contentsOf: folder + "/model.safetensors", checksums: .required)
    values = Dictionary(
      uniqueKeysWithValues: try file.tensors.map { ($0.name, try file.floats($0.name)) })
  }
}
