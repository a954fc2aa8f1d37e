extension TrainingRun {
  /// The training card: what a person must know about a model's origin. It holds no times, so that
  /// the same training gives the same file. A model that was not measured has no `validation`.
  func card(
    _ progress: TrainingProgress, epochs: Double, _ evaluation: Evaluation?
  ) -> JSONValue {
    [
      "textlm_version": JSONValue(TextLMVersion.current),
      "corpus": .array(corpus.map(\.json)),
      "split": settings.data.split.json,
      "settings": settings.json,
      "seed": JSONValue(settings.trainer.seed),
      "steps": JSONValue(progress.step),
      "epochs": JSONValue(epochs),
      "tokens": JSONValue(progress.tokenCount),
      "batch": [JSONValue(data.batchSize), JSONValue(data.sequenceLength)],
      "validation": evaluation?.json ?? .null,
      "instruction_set": JSONValue(Engine.instructionSet.rawValue),
      "onednn_version": JSONValue(Engine.oneDNNVersion),
      "command_line": .array(commandLine.map { JSONValue($0) }),
    ]
  }
}

extension Folder {
  /// Whether there is something called `name`.
  func contains(_ name: String) -> Bool {
    SystemCalls.exists(path(to: name))
  }

  /// Removes the files of a run, and nothing else that lies in the folder.
  func removeRunFiles() throws(StorageError) {
    let files = [RunState.name, ModelFile.name, RunLog.name, "report.html"]
    for name in files + files.map({ AtomicFile.previousPath(of: $0) }) {
      try SystemCalls.removeFile(path(to: name))
    }
  }
}
