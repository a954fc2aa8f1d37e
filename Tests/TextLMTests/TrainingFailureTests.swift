import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Training: when it goes wrong")
struct TrainingFailureTests {
  /// Makes one weight something that is not a finite number.
  private func poison(_ run: TrainingRun, _ step: Int, _ value: Float) {
    let parameter = run.model.parameters[step % run.model.parameters.count]
    var values = parameter.value.array
    values[values.count / 2] = value
    parameter.value = Tensor(values, shape: parameter.shape)
  }

  /// A run in which, the first time after step `poisoned`, a weight is no longer finite; stopped, the
  /// first time after that, after step `last`.
  private func train(
    _ settings: RunSettings, in path: String, poisoned: Int, value: Float,
    stoppingAfter last: Int? = nil
  ) throws -> [Rollback] {
    let run = try TrainingRun(settings, corpus: SmallRuns.corpus(), path: path)
    var rollbacks: [Rollback] = []
    var isPoisoned = false
    _ = try run.train { event in
      switch event {
      case .rollback(let rollback):
        rollbacks.append(rollback)
      case .step(let report, _):
        if report.step == poisoned, !isPoisoned {
          poison(run, report.step, value)
          isPoisoned = true
        } else if isPoisoned, !rollbacks.isEmpty, report.step == last {
          return false
        }
      default: break
      }
      return true
    }
    return rollbacks
  }

  /// After the first evaluation, at a save, at an evaluation, behind a kept state, and at the end.
  @Test(
    "A training goes back to its last good state, and on at half the rate",
    arguments: [12, 14, 20, 70, 80], [Float.nan, -.infinity])
  func goesBack(after step: Int, value: Float) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let settings = try SmallRuns.settings(steps: 80, course: .constant)
    let rollbacks = try train(settings, in: path, poisoned: step, value: value)
    #expect(rollbacks.count == 1)
    let rollback = try #require(rollbacks.first)
    #expect(rollback.step == (step < 64 ? 0 : 64))
    #expect(rollback.failedStep == step || rollback.failedStep == step + 1)
    // The text is one that was read then.
    #expect(SmallTexts.prose(2000).contains(rollback.text) && !rollback.text.isEmpty)

    let model = try TextModel(contentsOf: path)
    #expect(try model.score("the sea was calm").nats.isFinite)
    let rows = try RunFiles.rows(path).map { JSONField($0, path: "log") }
    let steps = try rows.filter { try $0.string("event") == "step" }
    // What was done again is in the log once.
    #expect(try steps.map { try $0.int("step") } == Array(1...80))
    let again = try steps.filter { try $0.int("step") > rollback.step + 4 }
    for row in again {
      expectClose(try row.double("learning_rate"), 0.005, tolerance: 1e-9, "rate")
    }
    #expect(try rows.count { try $0.string("event") == "rollback" } == 1)
  }

  /// What is done about a number does not depend on which it is, but sums and steps do: some of each
  /// family have both.
  static let wrongNumbers: [(String, Float)] =
    SmallModels.names.map { ($0, Float.nan) }
    + ["lstm", "transformer", "ntm", "dnc", "mann"].map { ($0, Float.infinity) }

  @Test("No number that is none reaches a saved file", arguments: wrongNumbers)
  func savesFiniteNumbersOnly(name: String, value: Float) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    // Poisoned just before a save, a memory would carry it on in the state.
    let settings = try SmallRuns.settings(name, steps: 24, course: .constant, saveInterval: 7)
    let rollbacks = try train(settings, in: path, poisoned: 13, value: value)
    #expect(!rollbacks.isEmpty)
    for file in ["model.safetensors", "state.safetensors"] {
      let stored = try StoredTensors(path + "/" + file)
      for tensor in stored.tensors {
        let isFinite = tensor.floats.allSatisfy { $0.isFinite }
        #expect(isFinite, "\(file): \(tensor.name)")
      }
    }
  }

  @Test("A run that went back and was stopped goes on as if it had not been", arguments: [20, 70])
  func resumesAfterGoingBack(step: Int) throws {
    let folder = try StorageTestFolder()
    let (whole, parts) = (folder.path("whole"), folder.path("parts"))
    let settings = try SmallRuns.settings(steps: 80)
    _ = try train(settings, in: whole, poisoned: step, value: .nan)
    _ = try train(settings, in: parts, poisoned: step, value: .nan, stoppingAfter: step - 3)
    try SmallRuns.resume(parts)
    try RunFiles.expectEqual(whole, parts, "stopped after going back")
  }

  /// The kept state is not the one after the last step: it lies in the file too.
  @Test("A state to go back to survives a stop")
  func goesBackBehindAStop() throws {
    let folder = try StorageTestFolder()
    let (whole, parts) = (folder.path("whole"), folder.path("parts"))
    let settings = try SmallRuns.settings(steps: 90)
    _ = try train(settings, in: whole, poisoned: 80, value: .nan)
    try SmallRuns.train(settings, in: parts, stoppingAfter: 75)
    let run = try TrainingRun(resuming: parts, corpus: SmallRuns.corpus())
    var isPoisoned = false
    _ = try run.train { event in
      if case .step(let report, _) = event, report.step == 80, !isPoisoned {
        poison(run, 80, .nan)
        isPoisoned = true
      }
      return true
    }
    try RunFiles.expectEqual(whole, parts, "gone back behind a stop")
  }

  @Test("A model whose evaluation is not finite is none: the training gives up and says so")
  func evaluationNotFinite() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings()
    settings.initialization = try InitializationRules(parsing: ["output=1e38"])
    settings.patience = 2
    let error = #expect(throws: TrainingError.self) {
      try SmallRuns.train(settings, in: folder.path("run"))
    }
    guard case .diverged(_, _, false)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A training that diverges again and again gives up, and keeps what was good")
  func givesUp() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let run = try TrainingRun(
      SmallRuns.settings(), corpus: SmallRuns.corpus(), path: path)
    let error = #expect(throws: TrainingError.self) {
      try run.train { event in
        if case .step(let report, _) = event, report.step == 11 { poison(run, 11, .nan) }
        return true
      }
    }
    guard case .diverged(let last, let attempts, true)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(attempts == 5 && last.failedStep == 12)
    #expect(error?.description.contains("--lr") == true)
    // The best of what was measured, at step 10.
    #expect(try TextModel(contentsOf: path).score("the sea was calm").nats.isFinite)
    let state = try SafetensorsFile(
      contentsOf: path + "/state.safetensors", checksums: .required)
    for tensor in state.tensors {
      #expect(try state.floats(tensor.name).allSatisfy(\.isFinite), "\(tensor.name)")
    }
  }

  @Test(
    "A learning rate beyond reason ends in an error, not in a ruined state", arguments: [1e6, 1e38])
  func beyondReason(learningRate: Double) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let settings = try SmallRuns.settings(
      steps: 200, learningRate: learningRate, course: .constant, evaluationInterval: 3)
    do {
      let result = try SmallRuns.train(settings, in: path)
      // Bounded gates can keep the loss finite, however large the weights are.
      #expect(result.best?.nats.isFinite == true)
    } catch let error as TrainingError {
      guard case .diverged = error else { throw error }
    }
    let state = try SafetensorsFile(
      contentsOf: path + "/state.safetensors", checksums: .required)
    for tensor in state.tensors {
      #expect(try state.floats(tensor.name).allSatisfy(\.isFinite), "\(tensor.name)")
    }
    for row in try RunFiles.rows(path) { #expect(try row.serialized().count > 0) }
  }

  @Test("A trainer leaves the weights alone when a step fails")
  func trainerKeepsWeights() throws {
    func check<Model: LanguageModel>(_ model: Model) throws {
      let data = try TrainingData(
        SmallRuns.corpus(), TrainingData.Options(batchSize: 4, sequenceLength: 16))
      var trainer = Trainer(
        model, data.streams, sequenceLength: 16, TrainerSettings(seed: 1))
      _ = try trainer.next(learningRate: 0.01)
      let parameter = model.parameters[0]
      var values = parameter.value.array
      values[Int(data.streams.tokens[1]) * parameter.shape.width] = .nan
      parameter.value = Tensor(values, shape: parameter.shape)
      let before = model.parameters.map { $0.value.array.map(\.bitPattern) }
      let progress = trainer.progress
      do {
        for _ in 0..<30 { _ = try trainer.next(learningRate: 0.01) }
        Issue.record("no error")
      } catch {
        #expect(error == .notFinite(step: progress.step + 1, learningRate: 0.01))
      }
      #expect(trainer.progress == progress)
      let isUnchanged = model.parameters.map { $0.value.array.map(\.bitPattern) } == before
      #expect(isUnchanged)
    }
    try check(
      SmallModels.configuration().makeModel(
        vocabularySize: 40, from: RandomParameters(seed: 1)))
  }

  /// A run that has no state but its last, to be copied.
  private static let shortRun: Result<String, any Error> = Result {
    let path = try StorageTestFolder.lasting().path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 8), in: path)
    unlink(path + "/state.safetensors.previous")
    return path
  }

  @Test("A state that says what cannot be is refused", arguments: StateDamage.all)
  func damagedState(damage: StateDamage) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try FileManager.default.copyItem(atPath: Self.shortRun.get(), toPath: path)
    let file = path + "/state.safetensors"
    var stored = try StoredTensors(file)
    damage.apply(&stored)
    try stored.write(to: file)
    do {
      let result = try SmallRuns.resume(path)
      #expect(damage.isHarmless, "\(damage.name) went unnoticed, step \(result.progress.step)")
    } catch {
      #expect(!damage.isHarmless, "\(error)")
      #expect("\(error)".contains(path), "\(damage.name): \(error)")
    }
  }

  @Test("A damaged newest state gives way to the one before it, and that is said")
  func previousState() throws {
    let folder = try StorageTestFolder()
    let whole = folder.path("whole")
    let path = folder.path("run")
    let settings = try SmallRuns.settings()
    try SmallRuns.train(settings, in: whole)
    try SmallRuns.train(settings, in: path, stoppingAfter: 25)
    let file = path + "/state.safetensors"
    var bytes = try FileReader.bytes(at: file, atMost: 1 << 24)
    bytes[bytes.count - 9] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    do {
      let run = try TrainingRun(resuming: path, corpus: SmallRuns.corpus())
      #expect(run.notices.contains { $0.contains("before it") })
      _ = try run.train { _ in true }
    }
    try RunFiles.expectEqual(whole, path, "from the state before")

    // A crash between two renames can leave the previous one alone.
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: TrainingError.runExists(path: path)) {
      try SmallRuns.train(settings, in: path)
    }
    try SmallRuns.resume(path)
    try RunFiles.expectEqual(whole, path, "from the state before alone")
  }
}
