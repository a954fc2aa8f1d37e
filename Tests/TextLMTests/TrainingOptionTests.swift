import Foundation
import TextLM
import TextLMTestSupport
import Testing

/// Everything that can be asked of a training, together and by itself.
@Suite("Training options")
struct TrainingOptionTests {
  /// A run with everything on that goes with each optimizer and course.
  private static func everything(
    _ optimizer: OptimizerRule, _ course: LearningRateCourse
  ) throws -> RunSettings {
    var settings = try SmallRuns.settings(rate: 0.2, course: course)
    settings.trainer.optimizer = optimizer
    settings.trainer.gradientLimit = 0.5
    (settings.trainer.l1, settings.trainer.l2) = (1e-6, 1e-5)
    settings.trainer.windows = WindowRule(isOffsetRandom: true, isLengthRandom: true)
    settings.trainer.noise = NoiseRule(
      substitution: 0.05, deletion: 0.05, swap: 0.05, caseChange: 0.05)
    var regularization = Regularization()
    regularization.isDropoutLocked = true
    regularization.embeddingDropout = 0.1
    regularization.inputDropout = 0.1
    regularization.outputDropout = 0.1
    regularization.weightDrop = 0.2
    regularization.labelSmoothing = 0.05
    regularization.activation = 0.1
    regularization.temporalActivation = 0.1
    settings.trainer.regularization = regularization
    settings.patience = 100
    settings.trainer.averaging =
      course == .cosine ? .triggered(patience: 1) : .exponential(decay: 0.9)
    return settings
  }

  private static var cases: [(OptimizerRule, LearningRateCourse)] {
    // Every optimizer and every course at least once.
    LearningRateCourse.standards.enumerated().map { index, course in
      (OptimizerRule.standards[index % OptimizerRule.standards.count], course)
    }
  }

  @Test("Stopped and resumed equals uninterrupted with every option on", arguments: 0..<7)
  func resume(index: Int) throws {
    let (optimizer, course) = Self.cases[index]
    let folder = try StorageTestFolder()
    let (whole, parts) = (folder.path("whole"), folder.path("parts"))
    let settings = try Self.everything(optimizer, course)
    try SmallRuns.train(settings, in: whole)
    try SmallRuns.train(settings, in: parts, stoppingAfter: 9)
    try SmallRuns.resume(parts, stoppingAfter: 21)
    try SmallRuns.resume(parts)
    try RunFiles.expectEqual(whole, parts, "\(optimizer.name), \(course.name)")
  }

  @Test("Settings survive being stored", arguments: 0..<7)
  func stored(index: Int) throws {
    let (optimizer, course) = Self.cases[index]
    let folder = try StorageTestFolder()
    let settings = try Self.everything(optimizer, course)
    try SmallRuns.train(settings, in: folder.path("run"), stoppingAfter: 3)
    let run = try TrainingRun(resuming: folder.path("run"), corpus: SmallRuns.corpus())
    #expect(run.settings.trainer == settings.trainer)
    #expect(run.settings.plan == settings.plan)
    #expect(run.settings.patience == 100)
  }

  @Test("Early stopping: no gain for as many evaluations as it takes, and the best is kept")
  func patience() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(
      rate: 0, steps: 100_000, learningRate: 0.05, course: .constant, evaluationInterval: 10)
    settings.patience = 3
    let result = try SmallRuns.train(settings, in: folder.path("run"))
    #expect(result.wasStoppedEarly && !result.wasStopped)
    let rows = try RunFiles.rows(folder.path("run")).map { JSONField($0, path: "log") }
    let losses = try rows.filter { try $0.string("event") == "evaluation" }
      .map { try $0.double("nats_per_token") }
    let best = try #require(losses.min())
    #expect(result.best?.natsPerToken == best)
    // The last gain was a good one, and after it there were three evaluations.
    let last = losses.indices.last { index in
      losses[index] < (losses[..<index].min() ?? .infinity) * (1 - 1e-4)
    }
    #expect(last == losses.count - 4)
  }

  @Test("A course by epochs follows the epochs")
  func courses() {
    func rates(
      _ course: LearningRateCourse, warmup: Int = 0, epochs: [Double]
    ) -> [Double] {
      let plan = LearningRatePlan(
        peak: 1, floorRatio: 0.1, warmupSteps: warmup, course: course, horizon: .epochs(20))
      return epochs.map {
        plan.rate(at: .init(step: Int($0 * 50), epochs: $0, stepsPerEpoch: 50))
      }
    }
    expectClose(
      rates(.step(factor: 0.5, everyEpochs: 2, fromEpoch: 3), epochs: [0, 2.9, 3, 4.9, 5, 7]),
      [1, 1, 0.5, 0.5, 0.25, 0.125], tolerance: 1e-12, "step")
    expectClose(
      rates(.cyclical(halfCycleEpochs: 2), epochs: [0, 1, 2, 3, 4, 6]),
      [0.1, 0.55, 1, 0.55, 0.1, 1], tolerance: 1e-12, "cyclical")
    expectClose(
      rates(.linear, epochs: [0, 10, 20]), [1, 0.55, 0.1], tolerance: 1e-12, "linear")
    expectClose(
      rates(.cosine, epochs: [0, 10, 20]), [1, 0.55, 0.1], tolerance: 1e-12, "cosine")
    expectClose(
      rates(.linear, warmup: 99, epochs: [0, 1]), [0.01, 0.51 * 0.955], tolerance: 1e-12,
      "warming up")
    var state = PlateauState()
    for loss in [2.0, 1.9, 1.95, 1.95, 1.95] { state.observe(loss, patience: 2) }
    let plan = LearningRatePlan(
      peak: 1, warmupSteps: 0, course: .plateau(factor: 0.5, patience: 2), horizon: .epochs(20))
    #expect(plan.rate(at: .init(step: 5, plateau: state)) == 0.5)
    let cycle = LearningRatePlan(
      peak: 1, warmupSteps: 0, course: .oneCycle, horizon: .steps(100))
    #expect(cycle.momentum(at: .init(step: 29)) == 0.85)
    #expect(cycle.rate(at: .init(step: 29)) == 1)
    #expect(plan.momentum(at: .init(step: 5)) == nil)
  }

  @Test("A training by time that is bounded by epochs follows these where it is fast enough")
  func boundedTime() {
    let plan = LearningRatePlan(
      peak: 1, floorRatio: 0, warmupSteps: 0, course: .linear, horizon: .seconds(100),
      mostEpochs: 10)
    func rate(epochs: Double, seconds: Double) -> Double {
      plan.rate(at: .init(step: 1, epochs: epochs, seconds: seconds, usableSeconds: 100))
    }
    #expect(rate(epochs: 5, seconds: 20) == rate(epochs: 5, seconds: 50))
    #expect(rate(epochs: 5, seconds: 90) < 0.12)
    #expect(rate(epochs: 1, seconds: 100) == 0)
    #expect(rate(epochs: 10, seconds: 1) == 0)
  }
}
