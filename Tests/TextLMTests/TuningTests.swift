import Foundation
import TextLM
import Testing

@Suite("Tuning: random search with successive halving")
struct TuningTests {
  private func tuning(
    _ path: String, seconds: Double = 3, candidates: Int = 4, seed: UInt64 = 5,
    overwrites: Bool = false
  ) throws -> Tuning {
    try Tuning(
      SmallRuns.settings(evaluationInterval: nil, saveInterval: nil, seed: seed), seconds: seconds,
      candidateCount: candidates, corpus: SmallRuns.corpus(), path: path, overwrites: overwrites)
  }

  @Test("Each rung has a third of the candidates of the one before, down to one")
  func rungs() {
    for (count, rungs) in [
      (2, [2, 1]), (3, [3, 1]), (4, [4, 2, 1]), (9, [9, 3, 1]), (27, [27, 9, 3, 1]),
      (10, [10, 4, 2, 1]),
    ] {
      #expect(HalvingPlan(seconds: 1, candidateCount: count).rungs == rungs)
    }
    // As many as get 20 seconds each in the first rung: T / (rungs · candidates) ≥ 20.
    for (seconds, count) in [
      (10.0, 3), (539, 3), (540, 9), (2159, 9), (2160, 27), (8099, 27), (8100, 81), (1e6, 81),
    ] {
      #expect(HalvingPlan(seconds: seconds).rungs[0] == count, "\(seconds)")
    }
  }

  @Test("Rungs get the same time; what one takes too much, the next lacks")
  func times() {
    let plan = HalvingPlan(seconds: 900, candidateCount: 9)
    #expect(plan.longestTraining == 300)
    #expect(plan.trainingSeconds(rung: 0, elapsedSeconds: 0) == 300.0 / 9)
    #expect(plan.trainingSeconds(rung: 1, elapsedSeconds: 300) == 100)
    #expect(plan.trainingSeconds(rung: 1, elapsedSeconds: 330) == 90)
    #expect(plan.trainingSeconds(rung: 2, elapsedSeconds: 590) == 310)
    #expect(plan.trainingSeconds(rung: 2, elapsedSeconds: 1000) == 0)
  }

  @Test("A seed and a number make a candidate, whatever was drawn before")
  func candidates() {
    let space = TuningSpace(characterCount: 1_000_000, seconds: 300)
    let drawn = (2...200).map { space.candidate($0, seed: 7) }
    #expect(space.candidate(150, seed: 7) == drawn[148])
    #expect(Set(drawn.map { "\($0.options)" }).count > 190)
    #expect((2...200).map { space.candidate($0, seed: 8) } != drawn)
    for candidate in drawn {
      #expect(candidate.layerCount > 1 || candidate.dropout == 0)
      let weights =
        4 * candidate.hiddenSize * candidate.hiddenSize * (2 * candidate.layerCount - 1)
      #expect(weights <= 4_000_000)
    }
    // All values of an axis come up.
    #expect(Set(drawn.map(\.batchSize)) == [16, 32, 64])
    #expect(Set(drawn.map(\.layerCount)) == [1, 2, 3])
    // What is drawn must not change between versions or machines.
    let short = TuningSpace(characterCount: 100, seconds: 0)
    #expect(short.candidate(9, seed: 1).hiddenSize == 64)
    #expect(short.candidate(9, seed: 1).layerCount == 1)
  }

  @Test("The better go on, the best model is kept, and the time is kept within 5 %")
  func search() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tuned")
    let tuning = try tuning(path, seconds: 4)
    var began: [(Int, Int, Double)] = []
    let start = ContinuousClock.now
    let wasStopped = try tuning.search { event in
      if case .began(let candidate, let rung, let seconds) = event {
        began.append((candidate.number, rung, seconds))
      }
      return true
    }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    #expect(!wasStopped)
    #expect(elapsed < 4.2, "\(elapsed)")
    #expect(began.map(\.1) == [0, 0, 0, 0, 1, 1, 2])
    for rung in 0...2 {
      #expect(Set(began.filter { $0.1 == rung }.map(\.2)).count == 1, "same time in rung \(rung)")
    }
    for rung in 0...1 {
      let ranked = tuning.results.filter { $0.rung == rung }
        .sorted { $0.natsPerToken ?? .infinity < $1.natsPerToken ?? .infinity }
      let next = tuning.results.filter { $0.rung == rung + 1 }.map(\.candidate)
      #expect(Set(next) == Set(ranked.prefix(next.count).map(\.candidate)))
    }
    let best = try #require(tuning.best)
    let model = try TextModel(contentsOf: path)
    let nats = try JSONField(model.card, path: "card").field("validation")
      .double("nats_per_token")
    #expect(nats == best.result.natsPerToken)
    #expect(nats == tuning.results.compactMap(\.natsPerToken).min())
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/candidate-1")
    #expect(names.contains("log.jsonl") && !names.contains { $0.hasPrefix("state") })
  }

  @Test("A stopped search goes on with the same candidates to its end")
  func resuming() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tuned")
    let (candidates, results, elapsed) = try stopped(path)
    #expect(results.count == 2)
    // A search holds its folder for as long as it exists.
    func goOn(_ observe: (Tuning.Event) -> Bool) throws -> [TuningResult] {
      let again = try Tuning(resuming: path, corpus: SmallRuns.corpus())
      #expect(again.candidates == candidates)
      #expect(Array(again.results.prefix(2)) == results)
      #expect(again.elapsedSeconds >= elapsed * 0.9)
      #expect(try !again.search(observe))
      return again.results
    }
    let all = try goOn { _ in true }
    #expect(Array(all.prefix(2)) == results)
    #expect(all.map(\.rung) == [0, 0, 0, 0, 1, 1, 2])
    // Once more there is nothing left to do.
    #expect(try goOn { _ in false } == all)
  }

  /// A search that is stopped within its third training.
  private func stopped(
    _ path: String
  ) throws -> (candidates: [TuningCandidate], results: [TuningResult], elapsed: Double) {
    let tuning = try tuning(path)
    var ended = 0
    let wasStopped = try tuning.search { event in
      if case .ended = event { ended += 1 }
      if case .training(.step(let report, _)) = event { return ended < 2 || report.step < 3 }
      return true
    }
    #expect(wasStopped)
    return (tuning.candidates, tuning.results, tuning.elapsedSeconds)
  }

  @Test("A folder with a search is refused, and replaced when asked")
  func overwriting() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tuned")
    _ = try tuning(path, seconds: 0.5, candidates: 2).search { _ in true }
    #expect(throws: TrainingError.runExists(path: path)) { try tuning(path) }
    #expect(throws: TrainingError.runExists(path: path)) {
      try SmallRuns.train(SmallRuns.settings(), in: path)
    }
    try SmallRuns.train(SmallRuns.settings(), in: path, overwrites: true)
    #expect(!Tuning.exists(at: path))
    #expect(throws: TrainingError.noRun(path: path)) {
      try Tuning(resuming: path, corpus: SmallRuns.corpus())
    }
  }
}
