import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Training: what is refused, and what it leaves alone")
struct TrainingRefusalTests {
  @Test("A folder with a run is replaced only when that is asked for")
  func runExists() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let short = try SmallRuns.settings(steps: 3)
    try SmallRuns.train(short, in: path)
    try folder.write("mine", to: "run/notes.txt")
    let before = try RunFiles(path)
    #expect(throws: TrainingError.runExists(path: path)) { try SmallRuns.train(short, in: path) }
    #expect(try RunFiles(path) == before)

    try SmallRuns.train(SmallRuns.settings(steps: 5), in: path, overwrites: true)
    #expect(try RunFiles.rows(path).count == 6)
    #expect(try folder.text("run/notes.txt") == "mine")
  }

  @Test("A model alone is not overwritten either")
  func modelExists() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 3), in: path)
    for name in ["state.safetensors", "state.safetensors.previous", "log.jsonl"] {
      unlink(path + "/" + name)
    }
    #expect(throws: TrainingError.runExists(path: path)) {
      try SmallRuns.train(SmallRuns.settings(steps: 3), in: path)
    }
    #expect(throws: TrainingError.noRun(path: path)) { try SmallRuns.resume(path) }
  }

  @Test("What cannot be trained does not touch the run that is there")
  func refusedBeforeOverwriting() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 3), in: path)
    let before = try RunFiles(path)
    var unequal = try SmallRuns.settings()
    unequal.model = try SmallModels.configuration(size: 5, embeddingSize: 4, isTied: true)
    #expect(throws: ArchitectureError.tiedWidths(embeddingSize: 4, outputSize: 5)) {
      try SmallRuns.train(unequal, in: path, overwrites: true)
    }
    var huge = try SmallRuns.settings()
    let values = try Hyperparameters(
      written: [("layers", "64"), ("hidden_size", "16384")],
      known: LSTMArchitecture.hyperparameters, architecture: "lstm")
    huge.model = ModelConfiguration(
      architecture: LSTMArchitecture(values), embeddingSize: 16384)
    // 4 · 16384 · (16384 + 16384 + 2) · 64 weights, half a terabyte each time they are kept.
    let error = #expect(throws: ArchitectureError.self) {
      try SmallRuns.train(huge, in: path, overwrites: true)
    }
    guard case .tooLarge(_, let needed, let available)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(needed > available && needed > 1 << 40)
    #expect(throws: CorpusError.self) {
      try SmallRuns.train(
        SmallRuns.settings(), in: path, overwrites: true, corpus: [SmallTexts.file("")])
    }
    #expect(try RunFiles(path) == before)
    #expect(throws: CorpusError.self) {
      try SmallRuns.train(
        SmallRuns.settings(), in: folder.path("new"), corpus: [SmallTexts.file("")])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("new")))
  }

  @Test("Nobody else trains in the folder meanwhile")
  func lock() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    do {
      let run = try TrainingRun(SmallRuns.settings(), corpus: SmallRuns.corpus(), path: path)
      _ = try run.train { event in
        if case .step(let report, _) = event { return report.step < 2 }
        return true
      }
      func isLocked(_ body: () throws -> Void) throws {
        let error = #expect(throws: StorageError.self) { try body() }
        guard case .locked(path, let holder)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(holder?.process == Int(getpid()))
      }
      try isLocked { try SmallRuns.resume(path) }
      try isLocked { try SmallRuns.train(SmallRuns.settings(), in: path) }
      try isLocked { try SmallRuns.train(SmallRuns.settings(), in: path, overwrites: true) }
      withExtendedLifetime(run) {}
    }
    #expect(try SmallRuns.resume(path).progress.step == 32)
  }

  @Test("Only the same text is gone on with")
  func otherCorpus() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 3), in: path)
    let other = [try SmallTexts.file(SmallTexts.prose(2001), name: "other\u{1B}.txt")]
    let error = #expect(throws: TrainingError.self) {
      try TrainingRun(resuming: path, corpus: other)
    }
    #expect(
      error
        == .otherCorpus(
          path: path + "/state.safetensors", expected: ["corpus.txt"],
          found: [TerminalText.neutralized("other\u{1B}.txt")]))
    #expect(throws: TrainingError.self) { try TrainingRun(resuming: path, corpus: []) }
  }

  @Test("There must be a run to go on with")
  func noRun() throws {
    let folder = try StorageTestFolder()
    #expect(throws: TrainingError.noRun(path: folder.path)) { try SmallRuns.resume(folder.path) }
    let missing = folder.path("none")
    #expect(throws: TrainingError.noRun(path: missing)) { try SmallRuns.resume(missing) }
    try folder.write("x", to: "file")
    #expect(throws: StorageError.notAFolder(path: folder.path("file"))) {
      try SmallRuns.resume(folder.path("file"))
    }
    #expect(throws: StorageError.notAFolder(path: folder.path("file"))) {
      try SmallRuns.train(SmallRuns.settings(), in: folder.path("file"))
    }
    #expect(throws: StorageError.self) {
      try SmallRuns.train(SmallRuns.settings(), in: folder.path("none/run"))
    }
  }

  @Test("A run trains once")
  func trainsOnce() async {
    await #expect(processExitsWith: .failure) {
      let folder = try StorageTestFolder()
      let run = try TrainingRun(
        SmallRuns.settings(steps: 1), corpus: SmallRuns.corpus(), path: folder.path("run"))
      _ = try run.train { _ in true }
      _ = try run.train { _ in true }
    }
  }
}
