import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Training: the same again, and as if never stopped")
struct TrainingDeterminismTests {
  /// Every architecture in one number format, and those that are named in all of them.
  private static func cases(inAllFormats names: [String]) -> [(String, ComputePrecision)] {
    SmallModels.names.flatMap { name -> [(String, ComputePrecision)] in
      names.contains(name)
        ? ComputePrecision.allCases.map { (name, $0) } : [(name, .float32)]
    }
  }

  /// How long a run is, and what it reads.
  private struct Length {
    let stepCount: Int
    let corpus: [CorpusFile]

    /// All of `SmallRuns` for lstm. For the others half as many steps on less than half of the text: two
    /// evaluations, saves between them, and an epoch of twelve steps.
    init(_ name: String) throws {
      stepCount = name == "lstm" ? 32 : 16
      corpus = try SmallRuns.corpus(name == "lstm" ? 2000 : 800)
    }
  }

  /// One of each family in all formats, whose products go different ways.
  @Test(
    "Two runs leave the same files, whatever the number of threads",
    arguments: cases(inAllFormats: ["lstm", "transformer", "ntm"]))
  func twoRuns(name: String, precision: ComputePrecision) throws {
    let folder = try StorageTestFolder()
    let length = try Length(name)
    let settings = try SmallRuns.settings(
      name, size: 20, steps: length.stepCount, precision: precision)
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    let counts = name == "lstm" ? [threadCount, threadCount, 1, 2, 3] : [1, 3]
    for (index, count) in counts.enumerated() {
      Engine.setThreadCount(count)
      let result = try SmallRuns.train(
        settings, in: folder.path("\(index)"), corpus: length.corpus)
      #expect(result.progress.epoch == 1, "an epoch's end is crossed")
      try RunFiles.expectEqual(folder.path("0"), folder.path("\(index)"), "\(count) threads")
    }
  }

  @Test("Another seed leaves another model")
  func seeds() throws {
    let folder = try StorageTestFolder()
    try SmallRuns.train(SmallRuns.settings(seed: 1), in: folder.path("1"))
    try SmallRuns.train(SmallRuns.settings(seed: 2), in: folder.path("2"))
    let areEqual = try RunFiles(folder.path("1")).model == RunFiles(folder.path("2")).model
    #expect(!areEqual)
  }

  /// What is kept between steps does not depend on the number format.
  @Test(
    "Stopped at any steps and resumed, a run leaves the same files",
    arguments: cases(inAllFormats: ["lstm"]))
  func stopping(name: String, precision: ComputePrecision) throws {
    let folder = try StorageTestFolder()
    let length = try Length(name)
    let settings = try SmallRuns.settings(name, steps: length.stepCount, precision: precision)
    let whole = folder.path("whole")
    try SmallRuns.train(settings, in: whole, corpus: length.corpus)
    // Before the first evaluation, at evaluations and saves, at the end of an epoch, at the end.
    var trials = [[1, 10], [7, 8, 30], [20, 29], [31], [32]]
    var random = RandomSource(seed: 5)
    for _ in 0..<3 { trials.append((0..<4).map { _ in 1 + random.nextInt(below: 32) }) }
    // How a run is stopped is the same for all; what they remember is not. This is behind an evaluation,
    // at no save, and before the end of an epoch.
    if name != "lstm" { trials = [[11]] }
    for (index, steps) in trials.enumerated() {
      let path = folder.path("\(index)")
      for (place, step) in Set(steps).sorted().enumerated() {
        let result =
          place == 0
          ? try SmallRuns.train(settings, in: path, stoppingAfter: step, corpus: length.corpus)
          : try SmallRuns.resume(path, stoppingAfter: step, corpus: length.corpus)
        #expect(result.wasStopped && result.progress.step == step)
        #expect(result.best != nil)
        #expect(try TextModel(contentsOf: path).parameterCount > 0, "a model after every stop")
      }
      let result = try SmallRuns.resume(path, corpus: length.corpus)
      #expect(!result.wasStopped && result.progress.step == length.stepCount)
      #expect(result.progress.epoch == 1, "an epoch's end is crossed")
      try RunFiles.expectEqual(whole, path, "stopped after \(steps)")
    }
  }

  @Test("Stopped while it is measured and resumed, a run leaves the same files")
  func stoppingEvaluations() throws {
    let folder = try StorageTestFolder()
    let settings = try SmallRuns.settings()
    let (whole, path) = (folder.path("whole"), folder.path("stopped"))
    try SmallRuns.train(settings, in: whole)
    // The first evaluation, one between, the last; before any of it is done, and in the middle.
    for (step, place) in [(10, 1), (10, 2), (20, 3), (32, 1), (32, 2)] {
      let run =
        FileManager.default.fileExists(atPath: path)
        ? try TrainingRun(resuming: path, corpus: SmallRuns.corpus())
        : try TrainingRun(settings, corpus: SmallRuns.corpus(), path: path)
      var passed = 0
      let result = try run.train {
        if case .measuring(let measured) = $0, measured == step { passed += 1 }
        return passed < place
      }
      #expect(result.wasStopped && result.progress.step == step && passed == place)
      #expect(try TextModel(contentsOf: path).parameterCount > 0, "a model after every stop")
    }
    #expect(try !SmallRuns.resume(path).wasStopped)
    try RunFiles.expectEqual(whole, path, "stopped in evaluations")
  }

  @Test(
    "Killed at any moment and resumed, a run leaves the same files",
    arguments: cases(inAllFormats: ["lstm"]))
  func killing(name: String, precision: ComputePrecision) throws {
    let folder = try StorageTestFolder()
    let length = try Length(name)
    let settings = try SmallRuns.settings(name, steps: length.stepCount, precision: precision)
    let whole = folder.path("whole")
    // What lies on the disk at an event is what a killed run would have left.
    var copies: [String] = []
    func copy(_ what: String) throws {
      copies.append(folder.path("\(copies.count) \(what)"))
      try FileManager.default.copyItem(atPath: whole, toPath: copies[copies.count - 1])
    }
    do {
      let run = try TrainingRun(settings, corpus: length.corpus, path: whole)
      var failure: (any Error)?
      _ = try run.train { event in
        do {
          switch event {
          case .step(let report, _) where [1, 6, 9, 10, 16, 32].contains(report.step):
            try copy("step \(report.step)")
          case .evaluation(let step, _, _, _): try copy("evaluation \(step)")
          case .saved(let step): try copy("save \(step)")
          default: break
          }
        } catch {
          failure = error
        }
        return failure == nil
      }
      if let failure { throw failure }
    }
    #expect(copies.count > (name == "lstm" ? 12 : 8))
    // Of the others one in the middle, where a model is newer than the state.
    for path in name == "lstm" ? copies : [copies[copies.count / 2]] {
      try SmallRuns.resume(path, corpus: length.corpus)
      try RunFiles.expectEqual(whole, path, path)
    }
  }

  @Test("Resuming a finished run changes nothing")
  func finished() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let trained = try SmallRuns.train(SmallRuns.settings(), in: path)
    let before = try (RunFiles(path), RunFiles.rows(path))
    let resumed = try SmallRuns.resume(path)
    let isSame = try (RunFiles(path) == before.0, RunFiles.rows(path) == before.1)
    #expect(isSame == (true, true))
    #expect(resumed.progress == trained.progress && resumed.best == trained.best)
    #expect(!resumed.wasStopped)
  }

  @Test("A later end continues as if it had been meant from the start")
  func laterEnd() throws {
    let folder = try StorageTestFolder()
    let whole = folder.path("whole")
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 30, course: .constant), in: whole)
    try SmallRuns.train(SmallRuns.settings(steps: 20, course: .constant), in: path)
    let result = try SmallRuns.resume(path, horizon: .steps(30))
    #expect(result.progress.step == 30)
    // The models' cards differ where the first one was the best and tells of its own settings.
    let (expected, found) = (try RunFiles(whole), try RunFiles(path))
    let isSame = (expected.state == found.state, expected.log == found.log)
    #expect(isSame == (true, true))
  }
}
