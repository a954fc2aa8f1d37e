extension Tuning {
  /// Trains a candidate, on from where it was stopped; nil when it is stopped now.
  func train(
    _ candidate: TuningCandidate, _ rung: Int, _ seconds: Double,
    _ observe: (TrainingEvent) -> Bool
  ) throws -> TuningResult? {
    func result(_ stepCount: Int, _ nats: Double?) -> TuningResult {
      TuningResult(
        candidate: candidate.number, rung: rung, seconds: seconds, stepCount: stepCount,
        natsPerToken: nats)
    }
    do {
      let run = try series.training(
        Self.name(ofCandidate: candidate.number), seconds: seconds, corpus: corpus,
        validationFiles: settings.data.split.files, commandLine: commandLine
      ) {
        try candidate.settings(settings, seconds: seconds)
      }
      let trained = try run.train(observe)
      if trained.wasStopped { return nil }
      return result(trained.progress.step, trained.best?.natsPerToken)
    } catch TrainingError.notFinite(let step, _) {
      return result(step, nil)
    } catch TrainingError.diverged(let rollback, _, _) {
      return result(rollback.failedStep, nil)
    } catch ArchitectureError.tooLarge {
      return result(0, nil)
    }
  }

  /// Remembers a result, keeps its model when it is the best, and removes what its training left
  /// but the log.
  func keep(_ result: TuningResult, of candidate: TuningCandidate) throws -> Bool {
    let path = series.folder.path(to: Self.name(ofCandidate: candidate.number))
    let isBest =
      result.natsPerToken.map { $0 < best?.result.natsPerToken ?? .infinity } ?? false
    if isBest {
      let model = try FileReader.bytes(
        at: Folder(path).path(to: ModelFile.name), atMost: .max)
      try AtomicFile.replace(series.folder.path(to: ModelFile.name), with: model)
    }
    file.results.append(result)
    try save()
    // There is no folder where the machine was too small to begin.
    if SystemCalls.exists(path) { try Folder(path).removeState() }
    return isBest
  }
}

extension TuningCandidate {
  /// The first candidate: what a plan has chosen.
  init(_ plan: AutomaticPlan, weightDecay: Double) {
    func value<Number: LosslessStringConvertible>(_ name: String, _ standard: Number) -> Number {
      plan.hyperparameters.first { $0.name == name }.flatMap { Number($0.value) } ?? standard
    }
    self.init(
      number: 1, layerCount: value("layers", 1), hiddenSize: value("hidden_size", 256),
      dropout: value("dropout", 0), outputDropout: plan.outputDropout,
      batchSize: plan.batchSize,
      sequenceLength: plan.sequenceLength, learningRate: plan.learningRate,
      weightDecay: weightDecay)
  }
}
