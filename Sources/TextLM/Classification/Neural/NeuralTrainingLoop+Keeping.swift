extension NeuralTrainingLoop {
  /// What the state file says it is.
  static let stateFormat = "textlm-classifier"
  private static let goodPrefix = "good."
  private static let bestPrefix = "best."

  /// Writes the present classifier, with averaged weights where there are any, if there is a folder;
  /// `epoch` is what was measured of it.
  func keepModel(_ epoch: NeuralEpoch?) throws {
    guard let folder = training.folder else { return }
    let card: JSONValue = [
      "textlm_version": JSONValue(TextLMVersion.current),
      "settings": settings.json,
      "seed": JSONValue(settings.trainer.seed),
      "steps": JSONValue(trainer.progress.step),
      "epochs": JSONValue(trainer.epochsDone),
      "tokens": JSONValue(trainer.progress.tokenCount),
      "training_texts": JSONValue(training.training.tokens.count),
      "validation": epoch.map { .object($0.json) } ?? .null,
      "instruction_set": JSONValue(Engine.instructionSet.rawValue),
      "onednn_version": JSONValue(Engine.oneDNNVersion),
      "command_line": .array(training.commandLine.map { JSONValue($0) }),
    ]
    let (classifier, path) = (classifier, folder.path(to: ModelFile.name))
    try trainer.withAveragedWeights { try classifier.write(to: path, card: card) }
  }

  /// Writes all that is needed to go on, if there is a folder. Never replaces a good state by one that
  /// cannot be gone on from.
  func save() throws {
    lastSaveStep = trainer.progress.step
    timer.noteSave()
    guard let folder = training.folder else { return }
    let present = trainer.snapshot
    var tensors = present.tensors(for: trainer.parameters)
    guard tensors.allSatisfy({ $0.tensor.isFinite }) else {
      throw TrainingError.notFinite(step: trainer.progress.step, learningRate: learningRate)
    }
    var progress: JSONObject = [
      "present": .object(present.progress.json),
      "divergence": divergence.json, "plateau": plateau.json,
      "evaluations": .array(epochs.map { .object($0.json) }),
    ]
    losses.append(to: &progress)
    // Where steps decide when it ends, the same training gives the same file.
    if case .seconds = settings.plan.horizon {
      progress.append("elapsed_seconds", JSONValue(timer.elapsedSeconds))
    }
    if good.progress != present.progress {
      progress.append("good", .object(good.progress.json))
      tensors += good.tensors(for: trainer.parameters, prefix: Self.goodPrefix)
    }
    if let best {
      progress.append("best", JSONValue(best.index))
      tensors += zip(classifier.parameters, best.weights).map {
        (Self.bestPrefix + $0.path, $1)
      }
    }
    // No state without the rows that led to it.
    try log?.synchronize()
    try StateFile.write(
      format: Self.stateFormat, run: settings.json, progress: .object(progress),
      others: [
        ("tokenizer", classifier.tokenizer.description.json),
        ("texts", JSONValue(training.digest)),
      ], commandLine: training.commandLine, tensors, to: folder.path(to: RunState.name))
  }

  /// Goes on from a state that was written so.
  func restore(_ state: StateFile) throws {
    let json = try state.field("progress")
    let present = try trainer.snapshot(
      TrainingProgress(json.field("present")), state.tensors, prefix: "")
    guard trainer.restore(present) else {
      throw TrainingError.damagedState(
        path: state.path, problem: "it is at a batch that its epoch does not have")
    }
    good =
      try json.optionalField("good").map {
        try trainer.snapshot(TrainingProgress($0), state.tensors, prefix: Self.goodPrefix)
      } ?? present
    lastSaveStep = trainer.progress.step
    losses = try NeuralLossSums(json)
    divergence = try DivergenceGuard(json.field("divergence"))
    plateau = try PlateauState(json.field("plateau"))
    epochs = try json.field("evaluations").elements().map { try NeuralEpoch($0) }
    guard let index = try json.optionalField("best")?.int(in: 0...max(epochs.count - 1, 0)),
      epochs.indices.contains(index)
    else { return }
    let stored = StoredParameters(state.tensors(withPrefix: Self.bestPrefix))
    best = (
      index,
      try classifier.parameters.map {
        try stored.tensor(at: $0.path, shape: $0.shape, .zeros)
      }
    )
  }
}
