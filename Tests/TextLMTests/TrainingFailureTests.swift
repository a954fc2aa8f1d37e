import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Training: when it goes wrong")
struct TrainingFailureTests {
  /// A run in which, after step `poisoned`, one weight is no longer a finite number.
  private func poison(
    _ settings: RunSettings, in path: String, after poisoned: Int, value: Float
  ) throws {
    let run = try TrainingRun(settings, corpus: SmallRuns.corpus(), path: path)
    _ = try run.train { event in
      if case .step(let report, _) = event, report.step == poisoned {
        let parameter = run.model.parameters[report.step % run.model.parameters.count]
        var values = parameter.value.array
        values[values.count / 2] = value
        parameter.value = Tensor(values, shape: parameter.shape)
      }
      return true
    }
  }

  /// After the first evaluation, at a save, at an evaluation, and at the end.
  @Test(
    "The last good model and state are kept", arguments: [12, 14, 20, 32], [Float.nan, -.infinity])
  func poisoned(after step: Int, value: Float) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    let settings = try SmallRuns.settings()
    let error = #expect(throws: TrainingError.self) {
      try poison(settings, in: path, after: step, value: value)
    }
    guard case .notFinite(let failed, let rate)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failed == step || failed == step + 1)
    #expect(rate >= 0 && rate <= 0.01)
    #expect(error?.description.contains("--lr") == true)

    let model = try TextModel(contentsOf: path)
    #expect(try model.score("the sea was calm").nats.isFinite)
    // Going on from what was saved gives what the run would have been.
    let whole = folder.path("whole")
    try SmallRuns.train(settings, in: whole)
    try SmallRuns.resume(path)
    try RunFiles.expectEqual(whole, path, "after the weights were poisoned")
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
      guard case .notFinite = error else { throw error }
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

  @Test("A state that says what cannot be is refused", arguments: StateDamage.all)
  func damagedState(damage: StateDamage) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("run")
    try SmallRuns.train(SmallRuns.settings(steps: 8), in: path)
    unlink(path + "/state.safetensors.previous")
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
