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

extension TrainingRun {
  /// What the run is called: its folder's name without the ending.
  public var name: String { Self.name(ofRunAt: folderPath) }

  /// What a run in a folder is called: the folder's name without the ending.
  public static func name(ofRunAt path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? "model"
    // A path that leads upwards is no name.
    guard last != ".", last != ".." else { return "model" }
    return last.hasSuffix(".textlm") && last.utf8.count > 7 ? String(last.dropLast(7)) : last
  }

  /// Steps taken before this start of the run; 0 for a new one.
  public var stepCount: Int { resumed?.state.progress.step ?? 0 }

  /// What the curves of the run say.
  public func diagnosis(of record: RunRecord) -> Diagnosis {
    Diagnosis(record, settings.circumstances(of: record))
  }
}
