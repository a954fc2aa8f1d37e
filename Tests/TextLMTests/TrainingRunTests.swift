import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Training runs")
struct TrainingRunTests {
  @Test("A model gets better, and the best one is kept")
  func bestModel() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    // Learning noise by heart makes it worse on noise that it has not seen.
    let corpus = [try SmallTexts.file(SmallTexts.noise(600, letters: 8))]
    let settings = try SmallRuns.settings(
      size: 32, rate: 0, steps: 120, learningRate: 0.03, evaluationInterval: 8)
    let result = try SmallRuns.train(settings, in: path, corpus: corpus)
    let rows = try RunFiles.rows(path).map { JSONField($0, path: "row") }
      .filter { try $0.string("event") == "evaluation" }
    let nats = try rows.map { try $0.double("nats_per_token") }
    let (best, last) = (try #require(nats.min()), try #require(nats.last))
    #expect(last > best + 0.1, "the test needs a model that overfits")
    #expect(result.best?.natsPerToken == best)

    // Each row says whether it is the best until then.
    var least = Double.infinity
    for (row, value) in zip(rows, nats) {
      #expect(try row.bool("is_best") == (value < least))
      least = min(least, value)
    }
    let model = try TextModel(contentsOf: path)
    let validation = JSONField(model.card, path: "card")
    #expect(try validation.field("validation").double("nats_per_token") == best)
    let text = String(SmallTexts.noise(600, letters: 8).suffix(60))
    expectClose(try model.score(text).natsPerToken, best, tolerance: 1e-5, "the saved model")
  }

  @Test("The log has a row for each step and each evaluation")
  func log() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(), in: path)
    let rows = try RunFiles.rows(path).map { JSONField($0, path: "row") }
    let steps = try rows.filter { try $0.string("event") == "step" }
    let evaluations = try rows.filter { try $0.string("event") == "evaluation" }
    #expect(rows.count == steps.count + evaluations.count)
    #expect(try steps.map { try $0.int("step") } == Array(1...32))
    #expect(try evaluations.map { try $0.int("step") } == [10, 20, 30, 32])
    let stepKeys = [
      "event", "step", "epoch", "train_nats", "learning_rate", "gradient_norm",
      "tokens_per_second", "elapsed_seconds",
    ]
    let evaluationKeys = [
      "event", "step", "nats_per_token", "bits_per_character", "bits_per_byte", "perplexity",
      "is_best", "elapsed_seconds",
    ]
    #expect(try steps.allSatisfy { try $0.members().map(\.key) == stepKeys })
    #expect(try evaluations.allSatisfy { try $0.members().map(\.key) == evaluationKeys })
    let times = try rows.map { try $0.double("elapsed_seconds") }
    #expect(times == times.sorted() && times[0] > 0)
    // 1800 characters and a boundary, in 4 rows of 450 predictions: 29 windows of 16, the last of 2.
    let epochs = (1...32).map { (step: Int) -> Double in
      step < 29 ? Double(step * 16) / 450 : 1 + Double((step - 29) * 16) / 450
    }
    expectClose(
      try steps.map { try $0.double("epoch") }, epochs, tolerance: 1e-12, "epochs")
    let rates = try steps.map { try $0.double("learning_rate") }
    let schedule = Schedule.cosine(peak: 0.01, warmupSteps: 4, totalSteps: 32, floor: 1e-4)
    expectClose(rates, (0..<32).map { schedule($0) }, tolerance: 1e-12, "learning rates")
    let nats = try evaluations.map { try $0.double("nats_per_token") }
    #expect(nats[3] < nats[0])
    for row in evaluations {
      let perplexity = exp(try row.double("nats_per_token"))
      expectClose(try row.double("perplexity"), perplexity, tolerance: 1e-12, "perplexity")
    }
  }

  @Test("The training card tells where a model comes from")
  func card() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let corpus = try SmallRuns.corpus()
    let run = try TrainingRun(
      SmallRuns.settings(), corpus: corpus, path: path, commandLine: ["train", "corpus.txt"])
    _ = try run.train { _ in true }
    let card = JSONField(try TextModel(contentsOf: path).card, path: "training")
    let file = try card.field("corpus").elements()[0]
    #expect(try file.string("name") == "corpus.txt")
    #expect(try file.int("bytes") == 2000)
    #expect(try file.string("sha256") == corpus[0].sha256)
    #expect(try card.uint64("seed") == 3)
    #expect(try card.field("split").string("kind") == "tail")
    #expect(try card.string("textlm_version") == TextLMVersion.current)
    let words = try card.field("command_line").elements().map { try $0.string() }
    #expect(words == ["train", "corpus.txt"])
  }

  @Test("Epochs become steps, and the last step ends the last epoch")
  func epochs() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings()
    settings.plan.horizon = .epochs(2)
    let result = try SmallRuns.train(settings, in: folder.path("run"))
    #expect(result.progress.step == 58)
    #expect(result.progress.epoch == 2 && result.progress.window == 0)
    #expect(result.progress.tokenCount == 2 * 1800)
  }

  @Test("A budget is kept, and a run within it can be resumed")
  func budget() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    var settings = try SmallRuns.settings(evaluationInterval: nil, saveInterval: nil)
    settings.plan.horizon = .seconds(0.6)
    let begin = ContinuousClock.now
    let result = try SmallRuns.train(settings, in: path)
    let seconds = begin.duration(to: .now) / .seconds(1)
    #expect(result.progress.step > 0 && !result.wasStopped && result.best != nil)
    // What is added is for a machine that does something else meanwhile.
    #expect(seconds < 0.6 + 2)
    #expect(result.clock.fractionDone <= 1)
    let resumed = try SmallRuns.resume(path, horizon: .seconds(result.clock.elapsedSeconds + 0.6))
    #expect(resumed.progress.step > result.progress.step)
    #expect(resumed.clock.elapsedSeconds > result.clock.elapsedSeconds)
  }

  @Test("The time of a run by steps goes on where it stopped")
  func elapsedTime() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let stopped = try SmallRuns.train(SmallRuns.settings(), in: path, stoppingAfter: 20)
    let resumed = try SmallRuns.resume(path)
    #expect(resumed.clock.elapsedSeconds > stopped.clock.elapsedSeconds * 0.9)
    let rows = try RunFiles.rows(path).map { JSONField($0, path: "row") }
    let times = try rows.map { try $0.double("elapsed_seconds") }
    #expect(times.count == 36 && times == times.sorted())
  }

  @Test("Without time there is one step")
  func noTime() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings()
    settings.plan.horizon = .seconds(0)
    let result = try SmallRuns.train(settings, in: folder.path("run"))
    #expect(result.progress.step == 1 && result.best != nil)
  }

  @Test("Several files and texts to validate on are resumed when they are given again")
  func severalFiles() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let texts = try (1...3).map {
      try SmallTexts.file(SmallTexts.prose(700, seed: $0), name: "\($0).txt")
    }
    let validation = Array(texts[2...])
    let settings = try SmallRuns.settings(split: .files(validation))
    _ = try TrainingRun(settings, corpus: Array(texts[..<2]), path: path).train { event in
      if case .step(let report, _) = event { return report.step < 5 }
      return true
    }
    #expect(
      throws: TrainingError.otherCorpus(
        path: path + "/state.safetensors", expected: ["3.txt"], found: [])
    ) {
      try TrainingRun(resuming: path, corpus: Array(texts[..<2]))
    }
    let run = try TrainingRun(
      resuming: path, corpus: Array(texts[..<2]), validationFiles: validation)
    let result = try run.train { _ in true }
    #expect(result.best?.counts.characters == 700)
  }
}
