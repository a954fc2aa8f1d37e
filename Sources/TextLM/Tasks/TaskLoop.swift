/// The order of things in a task's training: step, measure, keep the best, save.
final class TaskLoop<Encoder: SequenceEncoder> {
  let run: TaskRun
  let model: TaskModel<Encoder>
  private var trainer: TaskTrainer<Encoder>
  private var log: TaskLog
  private var timer: RunTimer
  private var divergence = DivergenceGuard()
  private var good: TaskTrainer<Encoder>.Snapshot
  private var best: (evaluation: TaskEvaluation, weights: [Tensor])?
  private var lastEvaluationStep: Int?
  private var lastSaveStep: Int?
  private var lastEvaluation = (second: 0.0, seconds: 0.0)
  /// Evaluations in a row that reached the goal.
  private var goalCount = 0
  private var losses: (sum: Double, count: Int) = (0, 0)

  init(_ run: TaskRun, _ model: TaskModel<Encoder>) throws {
    self.run = run
    self.model = model
    trainer = TaskTrainer(model, run.settings)
    good = trainer.snapshot
    guard let state = run.resumed else {
      log = try TaskLog(folder: run.folder, keepingStepsTo: 0)
      timer = RunTimer(run.settings.plan, alreadyElapsed: 0, evaluationTokens: 0)
      return
    }
    let json = state.progress
    let elapsed = try TrainingError.naming(state.path) {
      try json.double("elapsed_seconds", in: 0...1e12)
    }
    timer = RunTimer(run.settings.plan, alreadyElapsed: elapsed, evaluationTokens: 0)
    log = try TaskLog(
      folder: run.folder,
      keepingStepsTo: try TrainingError.naming(state.path) {
        try json.optionalField("evaluated_step")?.int(in: 0...1 << 40) ?? 0
      })
    try TrainingError.naming(state.path) { try restore(state) }
  }

  private func restore(_ state: TaskState) throws {
    let json = state.progress
    let present = try trainer.snapshot(json.field("present"), state.tensors, prefix: "")
    trainer.restore(present)
    good =
      try json.optionalField("good").map {
        try trainer.snapshot($0, state.tensors, prefix: TaskState.goodPrefix)
      } ?? present
    lastSaveStep = trainer.progress.step
    lastEvaluationStep = try json.optionalField("evaluated_step")?.int(in: 0...1 << 40)
    goalCount = try json.int("goal_count", in: 0...1 << 40)
    losses = (
      try json.double("loss_sum", in: -1e15...1e15), try json.int("loss_count", in: 0...1 << 40)
    )
    divergence = try DivergenceGuard(json.field("divergence"))
    if let field = try json.optionalField("best") {
      let stored = StoredParameters(state.tensors)
      best = (
        try TaskEvaluation(field),
        try model.parameters.map {
          try stored.tensor(at: TaskState.bestPrefix + $0.path, shape: $0.shape, .zeros)
        }
      )
    }
    lastEvaluation.second = timer.elapsedSeconds
  }

  /// Trains until the end, the goal or a stop.
  func train(_ observe: (TaskEvent) -> Bool) throws -> TaskResult {
    if lastSaveStep == nil { try save() }
    var isWanted = true
    // A training may have been stopped before what was to be done after its last step.
    if let lastSaveStep, lastSaveStep > 0, lastEvaluationStep != lastSaveStep, isEvaluationDue {
      isWanted = try evaluate(observe)
    }
    while isWanted, !isOver {
      guard let loss = try step(observe) else { continue }
      losses = (losses.sum + loss, losses.count + 1)
      isWanted = observe(.step(trainer.progress.step, loss: loss, clock))
      if isWanted, isEvaluationDue {
        isWanted = try evaluate(observe)
      } else if timer.secondsSinceSave > 60 {
        try save()
      }
    }
    if isWanted, lastEvaluationStep != trainer.progress.step { isWanted = try evaluate(observe) }
    if lastSaveStep != trainer.progress.step { try save() }
    // A run that goes on later must be as if it had never stopped, so what is measured at a stop before
    // the first evaluation is not remembered.
    let evaluation = best?.evaluation ?? measured
    for (parameter, weight) in zip(model.parameters, best?.weights ?? []) {
      parameter.value = weight
    }
    try writeReport()
    return TaskResult(
      best: evaluation, stepCount: trainer.progress.step, clock: clock,
      isSolved: evaluation.trained.reaches(run.settings.task.goal), wasStopped: !isWanted)
  }

  private var isOver: Bool {
    timer.isOver(position) || run.settings.endsAtGoal && goalCount >= 2
  }

  private var position: LearningRatePlan.Position {
    LearningRatePlan.Position(
      step: trainer.progress.step, seconds: timer.elapsedSeconds,
      usableSeconds: timer.usableSeconds)
  }

  private var clock: RunClock { timer.clock(position) }

  private var learningRate: Double {
    run.settings.plan.rate(at: position) * divergence.rateScale
  }

  /// Measuring takes about a tenth of the time, and happens fifty times at most.
  private var isEvaluationDue: Bool {
    switch run.settings.plan.horizon {
    case .steps(let total): return trainer.progress.step % max(1, total / 40) == 0
    case .epochs: return false
    case .seconds(let budget):
      return timer.elapsedSeconds - lastEvaluation.second
        >= max(9 * lastEvaluation.seconds, budget / 50)
    }
  }

  /// Takes a step; nil when the training went back to its last good state instead.
  private func step(_ observe: (TaskEvent) -> Bool) throws -> Double? {
    let (begin, rate) = (timer.elapsedSeconds, learningRate)
    let loss: Double
    do throws(TrainingError) {
      loss = try trainer.next(
        learningRate: rate, momentum: run.settings.plan.momentum(at: position))
    } catch {
      guard case .notFinite = error else { throw error }
      try rollBack(learningRate: rate, observe)
      return nil
    }
    timer.add(step: timer.elapsedSeconds - begin, tokens: run.settings.batchSize)
    if divergence.observe(loss, vocabularySize: run.settings.task.output.width + 1) {
      try rollBack(learningRate: rate, observe)
      return nil
    }
    if divergence.keepsState(afterStep: trainer.progress.step), trainer.hasFiniteWeights {
      good = trainer.snapshot
    }
    return loss
  }

  private func rollBack(learningRate: Double, _ observe: (TaskEvent) -> Bool) throws {
    let hasHope = divergence.noteRollback()
    trainer.restore(good)
    losses = (0, 0)
    guard hasHope else {
      throw TaskError.diverged(step: trainer.progress.step, learningRate: learningRate)
    }
    _ = observe(.rollback(step: trainer.progress.step, learningRate: learningRate))
  }

  /// Measures the model and keeps the best; false when it was stopped, and then nothing of it is
  /// remembered.
  private func evaluate(_ observe: (TaskEvent) -> Bool) throws -> Bool {
    guard trainer.hasFiniteWeights else {
      try rollBack(learningRate: learningRate, observe)
      return true
    }
    let (begin, task, evaluation) = (timer.elapsedSeconds, run.settings.task, measured)
    let trained = evaluation.trained
    losses = (0, 0)
    goalCount = trained.reaches(task.goal) ? goalCount + 1 : 0
    trainer.observe(trained.meanLoss)
    // Of two that make no mistakes the surer one is better.
    if best.map({ trained.isBetter(than: $0.evaluation.trained) }) ?? true {
      let weights = trainer.withAveragedWeights { model.parameters.map(\.value) }
      best = (evaluation, weights)
    }
    lastEvaluationStep = evaluation.step
    try log.append(evaluation, task.goal, learningRate: learningRate, clock)
    let isWanted = observe(.evaluation(evaluation, clock))
    try save()
    try writeReport()
    lastEvaluation = (timer.elapsedSeconds, timer.elapsedSeconds - begin)
    timer.noteEvaluation(seconds: lastEvaluation.seconds)
    return isWanted
  }

  /// What the model can do now.
  private var measured: TaskEvaluation {
    let task = run.settings.task
    let (trained, longer) = trainer.withAveragedWeights {
      (run.measure(model, task.lengths), run.measure(model, task.testLength...task.testLength))
    }
    return TaskEvaluation(
      step: trainer.progress.step,
      trainingLoss: losses.count > 0 ? losses.sum / Double(losses.count) : nil,
      trained: trained, longer: longer, length: trainer.length)
  }

  /// Never replaces a good state by one that cannot be gone on from.
  private func save() throws {
    let parameters = model.parameters
    let present = trainer.snapshot
    var tensors = present.trainer.tensors(for: parameters)
    guard tensors.allSatisfy({ $0.tensor.isFinite }) else {
      throw TrainingError.notFinite(step: trainer.progress.step, learningRate: learningRate)
    }
    var progress: JSONObject = [
      "present": present.json, "elapsed_seconds": JSONValue(timer.elapsedSeconds),
      "goal_count": JSONValue(goalCount), "loss_sum": JSONValue(losses.sum),
      "loss_count": JSONValue(losses.count), "divergence": divergence.json,
    ]
    if let lastEvaluationStep { progress.append("evaluated_step", JSONValue(lastEvaluationStep)) }
    if good.trainer.progress != present.trainer.progress {
      progress.append("good", good.json)
      tensors += good.trainer.tensors(for: parameters, prefix: TaskState.goodPrefix)
    }
    if let best {
      progress.append("best", .object(best.evaluation.json(run.settings.task.goal)))
      tensors += zip(parameters, best.weights).map { (TaskState.bestPrefix + $0.path, $1) }
    }
    try log.synchronize()
    try TaskState.write(
      run.settings, progress: .object(progress), commandLine: run.commandLine, tensors,
      to: run.folder.path(to: RunState.name))
    lastSaveStep = trainer.progress.step
    timer.noteSave()
  }

  /// Where the encoder looks while it reads one sequence of the greatest length, if it can tell.
  private var memoryMaps: [HeatMap] {
    guard let encoder = model.encoder as? any MemoryTracing else { return [] }
    var random = RandomSource(seed: run.settings.trainer.seed).stream("traced")
    let task = run.settings.task
    let batch = task.batch(length: task.lengths.upperBound, size: 1, random: &random)
    return Self.maps(of: encoder, reading: model.input(batch, .inference()))
  }

  private static func maps<Tracing: MemoryTracing>(
    of encoder: Tracing, reading input: Tensor
  ) -> [HeatMap] {
    var state = encoder.initialState(batchSize: 1)
    return encoder.trace(input, state: &state, .inference()).maps.map { map in
      let (values, placeCount) = (map.weights.array, map.weights.shape[1])
      return HeatMap(
        title: map.name, axisName: "step", rowName: "place",
        columns: (0..<map.weights.shape[0]).map {
          Array(values[$0 * placeCount..<($0 + 1) * placeCount])
        })
    }
  }

  private func writeReport() throws {
    let report = TaskReport(
      run: run, evaluations: log.evaluations, best: best?.evaluation, maps: memoryMaps)
    try AtomicFile.replace(
      run.folder.path(to: RunReport.name), with: Array(try report.html().utf8))
  }
}

extension TaskMeasure {
  /// Whether the losses say more than those of another.
  fileprivate func isBetter(than other: TaskMeasure) -> Bool {
    meanLoss < other.meanLoss
  }
}
