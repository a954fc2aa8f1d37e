import Foundation
import TextLM
import Testing

@Suite("Cross-validation: trainings")
struct CrossValidationTests {
  private func folds(
    _ path: String, _ settings: RunSettings, count: Int = 3, overwrites: Bool = false
  ) throws -> CrossValidation {
    try CrossValidation(
      settings, foldCount: count, corpus: SmallRuns.corpus(), path: path, overwrites: overwrites)
  }

  private static func settings(
    horizon: LearningRatePlan.Horizon = .steps(12)
  ) throws -> RunSettings {
    var settings = try SmallRuns.settings()
    settings.plan.horizon = horizon
    return settings
  }

  @Test(
    "Stopped anywhere and resumed, every fold is as if it had not been",
    arguments: [.steps(12), .epochs(1)] as [LearningRatePlan.Horizon])
  func resuming(horizon: LearningRatePlan.Horizon) throws {
    let folder = try StorageTestFolder()
    let settings = try Self.settings(horizon: horizon)
    let whole = try folds(folder.path("whole"), settings)
    #expect(try !whole.train({ _, _ in }, { _, _ in true }))
    let results = whole.results
    #expect(results.map(\.fold) == [1, 2, 3])
    // What was measured is the whole text, each part once.
    #expect(results.reduce(0) { $0 + $1.evaluation.counts.characters } == 2000)

    for (fold, step) in [(1, 5), (2, 1), (3, 11)] {
      let path = folder.path("stopped-\(fold)")
      let stopped = try folds(path, settings)
      let wasStopped = try stopped.train({ _, _ in }) { number, event in
        if case .step(let report, _) = event { return number < fold || report.step < step }
        return true
      }
      #expect(wasStopped)
      #expect(stopped.results.count == fold - 1)
    }
    for fold in 1...3 {
      let path = folder.path("stopped-\(fold)")
      let again = try CrossValidation(resuming: path, corpus: SmallRuns.corpus())
      #expect(try !again.train({ _, _ in }, { _, _ in true }))
      #expect(again.results.map(\.evaluation) == results.map(\.evaluation))
      for number in 1...3 {
        try RunFiles.expectEqual(
          path + "/fold-\(number)", folder.path("whole") + "/fold-\(number)", "fold \(number)")
      }
    }
  }

  @Test("A time is shared by all folds")
  func time() throws {
    let folder = try StorageTestFolder()
    let folds = try folds(folder.path("run"), Self.settings(horizon: .seconds(1.5)))
    var horizons: [Double] = []
    _ = try folds.train { _, run in
      if case .seconds(let seconds) = run.settings.plan.horizon { horizons.append(seconds) }
    } _: { _, _ in
      true
    }
    #expect(horizons.count == 3)
    // A fold that ends early, for its last evaluation, leaves some to the others.
    for seconds in horizons { #expect(seconds > 0.35 && seconds < 0.8, "\(horizons)") }
    #expect(folds.elapsedSeconds < 2)
  }

  @Test("A folder with folds is refused, and replaced when asked")
  func overwriting() throws {
    let folder = try StorageTestFolder()
    let (path, settings) = (folder.path("run"), try Self.settings())
    _ = try folds(path, settings).train({ _, _ in }, { _, _ in true })
    #expect(throws: TrainingError.runExists(path: path)) { try folds(path, settings) }
    #expect(throws: TrainingError.runExists(path: path)) {
      try SmallRuns.train(settings, in: path)
    }
    _ = try folds(path, settings, count: 2, overwrites: true).train({ _, _ in }, { _, _ in true })
    #expect(try names(path) == ["fold-1", "fold-2", "folds.json"])
    try SmallRuns.train(settings, in: path, overwrites: true)
    #expect(!CrossValidation.exists(at: path))
    #expect(try names(path).allSatisfy { !$0.hasPrefix("fold") })
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test("Another text, and a file that does not say what it should, are refused")
  func damage() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    _ = try folds(path, Self.settings()).train({ _, _ in }, { _, _ in true })
    #expect(throws: TrainingError.self) {
      try CrossValidation(resuming: path, corpus: [SmallTexts.file("another text")])
    }
    #expect(throws: TrainingError.noRun(path: folder.path("none"))) {
      try CrossValidation(resuming: folder.path("none"), corpus: SmallRuns.corpus())
    }
    let text = try folder.text("run/folds.json")
    for (part, other) in [
      ("\"folds\":3", "\"folds\":1"), ("\"fold\":2", "\"fold\":7"), ("textlm-folds", "else"),
      ("\"nats\":", "\"gnats\":"),
    ] {
      try folder.write(text.replacing(part, with: other), to: "run/folds.json")
      let error = try #require(throws: TrainingError.self, "\(part)") {
        try CrossValidation(resuming: path, corpus: SmallRuns.corpus())
      }
      guard case .damagedState = error else {
        Issue.record("\(part): \(error)")
        continue
      }
    }
  }
}
