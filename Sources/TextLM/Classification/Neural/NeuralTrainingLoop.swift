/// The order of things in a classifier's training: step, measure after each epoch, keep the best, save.
final class NeuralTrainingLoop {
  let training: NeuralClassifierTraining
  var trainer: NeuralTrainer
  var timer: RunTimer
  var log: JSONLinesWriter?
  var divergence = DivergenceGuard()
  var plateau = PlateauState()
  var good: TrainerSnapshot<NoState>
  var epochs: [NeuralEpoch] = []
  /// The number of the best of them, and the weights that it was measured with.
  var best: (index: Int, weights: [Tensor])?
  var lastSaveStep: Int?
  /// Of the steps since the last measurement.
  var losses = NeuralLossSums()

  var settings: NeuralTrainingSettings { training.settings }
  var classifier: NeuralClassifier { training.classifier }

  init(_ training: NeuralClassifierTraining) throws {
    self.training = training
    trainer = NeuralTrainer(
      training.classifier, nextToken: training.nextToken, training.training, training.settings)
    good = trainer.snapshot
    let validationTokens = training.validation.tokens.reduce(0) { $0 + $1.count }
    let elapsed = try training.resumed.map { state in
      try TrainingError.naming(state.path) {
        try state.field("progress").optionalField("elapsed_seconds")?.double(in: 0...1e12) ?? 0
      }
    }
    timer = RunTimer(
      training.settings.plan, alreadyElapsed: elapsed ?? 0, evaluationTokens: validationTokens)
    if let state = training.resumed { try TrainingError.naming(state.path) { try restore(state) } }
    try openLog()
  }

  /// Trains until the end, or until a stop.
  func train(_ observe: (NeuralTrainingEvent) -> Bool) throws -> NeuralTrainingResult {
    if lastSaveStep == nil { try save() }
    var isWanted = observe(.begin(after: trainer.progress.step))
    // A training may have been stopped before what was to be done after its last step.
    if isWanted, isEvaluationDue { isWanted = try evaluate(observe) }
    while isWanted {
      while isWanted, !isOver {
        guard let step = try step(observe) else { continue }
        losses.add(step)
        try append(step, clock)
        isWanted = observe(.step(step, clock))
        if isWanted, isEvaluationDue {
          isWanted = try evaluate(observe)
        } else if timer.secondsSinceSave > 60 {
          try save()
        }
      }
      // An evaluation may find out that the training diverged, and then it goes on from an earlier step.
      guard isWanted, epochs.last?.step != trainer.progress.step else { break }
      isWanted = try evaluate(observe)
    }
    if lastSaveStep != trainer.progress.step { try save() }
    if let best {
      for (parameter, weight) in zip(classifier.parameters, best.weights) {
        parameter.value = weight
      }
    } else if trainer.hasFiniteWeights {
      // What is kept at a stop before the first measurement is not remembered, so that a training that
      // goes on later is as if it had never stopped.
      try keepModel(nil)
    }
    return NeuralTrainingResult(
      classifier: classifier, best: best.map { epochs[$0.index] }, epochs: epochs,
      stepCount: trainer.progress.step, clock: clock, wasStopped: !isWanted,
      wasStoppedEarly: isStoppedEarly)
  }

  private var isOver: Bool { timer.isOver(position) || isStoppedEarly }

  /// Whether measurements have not become better for as many as it takes.
  private var isStoppedEarly: Bool {
    guard let patience = settings.patience, let best else { return false }
    return epochs.count - 1 - best.index >= patience
  }

  private var isEvaluationDue: Bool {
    let progress = trainer.progress
    return progress.window == 0 && progress.step > 0 && epochs.last?.step != progress.step
  }

  private var position: LearningRatePlan.Position {
    LearningRatePlan.Position(
      step: trainer.progress.step, epochs: trainer.epochsDone, stepsPerEpoch: trainer.batchCount,
      seconds: timer.elapsedSeconds, usableSeconds: timer.usableSeconds, plateau: plateau)
  }

  var clock: RunClock { timer.clock(position) }

  /// The rate of the next step.
  var learningRate: Double { settings.plan.rate(at: position) * divergence.rateScale }

  /// Takes a step; nil when the training went back to its last good state instead.
  private func step(_ observe: (NeuralTrainingEvent) -> Bool) throws -> NeuralTrainingStep? {
    let (begin, rate) = (timer.elapsedSeconds, learningRate)
    let step: NeuralTrainingStep
    do throws(TrainingError) {
      step = try trainer.next(
        learningRate: rate, momentum: settings.plan.momentum(at: position))
    } catch {
      guard case .notFinite = error else { throw error }
      try rollBack(failedStep: trainer.progress.step + 1, learningRate: rate, observe)
      return nil
    }
    timer.add(step: timer.elapsedSeconds - begin, tokens: step.tokenCount)
    let loss = step.loss + settings.languageLossWeight * (step.nextTokenNats ?? 0)
    if divergence.observe(loss, vocabularySize: max(classifier.labels.count, 2)) {
      try rollBack(failedStep: step.step, learningRate: rate, observe)
      return nil
    }
    if divergence.keepsState(afterStep: step.step), trainer.hasFiniteWeights {
      good = trainer.snapshot
    }
    return step
  }

  private func rollBack(
    failedStep: Int, learningRate: Double, _ observe: (NeuralTrainingEvent) -> Bool
  ) throws {
    let hasHope = divergence.noteRollback()
    _ = trainer.restore(good)
    losses = NeuralLossSums()
    guard hasHope else {
      throw NeuralClassifierError.diverged(
        step: trainer.progress.step, learningRate: learningRate)
    }
    let step = trainer.progress.step
    try appendRollback(to: step, failedStep: failedStep, learningRate: learningRate)
    _ = observe(.rollback(step: step, failedStep: failedStep, learningRate: learningRate))
  }

  /// Measures the classifier and keeps the best; false when no more is wanted.
  private func evaluate(_ observe: (NeuralTrainingEvent) -> Bool) throws -> Bool {
    let begin = timer.elapsedSeconds
    let measured = trainer.withAveragedWeights { measure() }
    guard trainer.hasFiniteWeights, measured.nats.isFinite else {
      try rollBack(
        failedStep: trainer.progress.step, learningRate: learningRate, observe)
      return true
    }
    trainer.observe(measured.nats)
    if case .plateau(_, let patience) = settings.plan.course {
      plateau.observe(measured.nats, patience: patience)
    }
    let epoch = NeuralEpoch(
      step: trainer.progress.step, epochs: trainer.epochsDone,
      trainingLoss: losses.meanLabels, nextTokenNats: losses.meanNextToken,
      validation: measured, learningRate: learningRate)
    losses = NeuralLossSums()
    epochs.append(epoch)
    let isBest =
      best.map { epoch.isBetter(than: epochs[$0.index], by: settings.choice) } ?? true
    if isBest {
      let parameters = classifier.parameters
      let weights = trainer.withAveragedWeights { parameters.map(\.value) }
      best = (epochs.count - 1, weights)
      try keepModel(epoch)
    }
    try append(epoch, isBest: isBest)
    let isWanted = observe(.evaluation(epoch, isBest: isBest, clock))
    try save()
    timer.noteEvaluation(seconds: timer.elapsedSeconds - begin)
    return isWanted
  }

  private func measure() -> ClassifierValidation {
    let examples = training.validation
    return ClassifierValidation(
      classifier.labels.kind,
      logits: classifier.logits(of: examples.tokens, precision: settings.trainer.precision),
      truth: examples.truth)
  }
}
