import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Tasks: training")
struct TaskRunTests {
  private func settings(
    _ name: String = "delayed-echo", _ written: [(name: String, value: String)] = [],
    architecture: String = "lstm", isBidirectional: Bool = false, steps: Int = 12,
    rate: Double = 0.01, endsAtGoal: Bool = true, growsLengths: Bool = false
  ) throws -> TaskSettings {
    TaskSettings(
      task: try TaskRegistry.builtIn.task(named: name).init(written: written),
      architecture: try SmallModels.architecture(architecture), isBidirectional: isBidirectional,
      embeddingSize: 6, batchSize: 4, trainer: TrainerSettings(seed: 3, precision: .float32),
      plan: LearningRatePlan(
        peak: rate, warmupSteps: 2, course: .constant, horizon: .steps(steps)),
      endsAtGoal: endsAtGoal, growsLengths: growsLengths)
  }

  private func small(_ name: String) -> [(name: String, value: String)] {
    switch name {
    case "delayed-echo": [("delay", "1"), ("symbols", "2"), ("length", "6"), ("test_length", "8")]
    default: [("length", "3"), ("min_length", "2"), ("test_length", "4")]
    }
  }

  private func rows(_ path: String) throws -> [JSONValue] {
    try JSONLinesContent(contentsOf: path + "/log.jsonl").rows.map { row in
      guard case .object(let object) = row else { return row }
      var timeless = JSONObject()
      for member in object.members where member.key != "elapsed_seconds" {
        timeless.append(member.key, member.value)
      }
      return .object(timeless)
    }
  }

  @Test("Every architecture learns from every kind of task", arguments: SmallModels.names)
  func architectures(name: String) throws {
    let folder = try StorageTestFolder()
    for task in ["copy", "adding", "mqar"] {
      // Measuring, which takes longer than two steps, comes once: of 80 steps every second is measured.
      let settings = try settings(task, small(task), architecture: name, steps: 80)
      let path = folder.path("\(task).textlm")
      let result = try TaskRun(settings, path: path).train { event in
        if case .evaluation = event { false } else { true }
      }
      #expect(result.stepCount == 2 && result.best.trained.meanLoss.isFinite)
      #expect(result.best.longer.length == 4)
    }
  }

  @Test("Parameters are counted without building", arguments: [false, true])
  func parameterCount(isBidirectional: Bool) throws {
    let folder = try StorageTestFolder()
    let settings = try settings(
      "delayed-echo", small("delayed-echo"), isBidirectional: isBidirectional, steps: 1)
    _ = try TaskRun(settings, path: folder.path("run")).train { _ in true }
    let file = try SafetensorsFile(
      contentsOf: folder.path("run/state.safetensors"), checksums: .required)
    let stored = file.tensors.filter { $0.name.hasPrefix("weights.") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(settings.parameterCount == stored)
  }

  @Test("A training that was stopped goes on as if it had not been", arguments: [false, true])
  func resuming(growsLengths: Bool) throws {
    let folder = try StorageTestFolder()
    let settings = try settings("copy", small("copy"), growsLengths: growsLengths)
    let whole = try TaskRun(settings, path: folder.path("whole")).train { _ in true }
    let stopped = try TaskRun(settings, path: folder.path("parts")).train { event in
      if case .step(5, _, _) = event { false } else { true }
    }
    #expect(stopped.wasStopped && stopped.stepCount == 5)
    let resumed = try TaskRun(resuming: folder.path("parts"), task: "copy").train { _ in true }
    #expect(resumed.best == whole.best && resumed.stepCount == whole.stepCount)
    #expect(try rows(folder.path("whole")) == rows(folder.path("parts")))
    #expect(throws: TaskError.otherTask(path: folder.path("parts"), stored: "copy", given: "mqar"))
    {
      try TaskRun(resuming: folder.path("parts"), task: "mqar")
    }
    #expect(throws: TrainingError.runExists(path: folder.path("parts"))) {
      try TaskRun(settings, path: folder.path("parts"))
    }
  }

  @Test("What can be learned is learned, and the training ends there")
  func learning() throws {
    let folder = try StorageTestFolder()
    let settings = try settings("delayed-echo", small("delayed-echo"), steps: 2000, rate: 0.02)
    let result = try TaskRun(settings, path: folder.path("run")).train { _ in true }
    #expect(result.isSolved && result.stepCount < 2000)
    #expect(result.best.trained.accuracy >= 0.99 && result.best.longer.accuracy > 0.9)
    let report = try String(
      contentsOfFile: folder.path("run/report.html"), encoding: .utf8)
    #expect(report.contains("delayed-echo with lstm") && report.contains("<svg"))
  }

  @Test("What is to come is known to who reads from both ends, and to nobody else")
  func directions() throws {
    let folder = try StorageTestFolder()
    let written = [
      ("ahead", "1"), ("symbols", "2"), ("min_length", "6"), ("length", "6"), ("test_length", "8"),
    ]
    func train(_ isBidirectional: Bool) throws -> TaskResult {
      let settings = try settings(
        "lookahead", written, isBidirectional: isBidirectional,
        steps: isBidirectional ? 2000 : 200, rate: 0.02)
      return try TaskRun(settings, path: folder.path("\(isBidirectional)")).train { _ in true }
    }
    #expect(try train(true).isSolved)
    let blind = try train(false).best.trained
    // A coin: 5 answers of 512 sequences have a deviation of 0.01.
    expectClose(blind.accuracy, 0.5, tolerance: 0.05, "accuracy of one who cannot know")
  }

  @Test("Lengths grow when the loss has become small")
  func growing() throws {
    let folder = try StorageTestFolder()
    let written = [
      ("delay", "1"), ("symbols", "2"), ("min_length", "3"), ("length", "9"), ("test_length", "9"),
    ]
    let settings = try settings(
      "delayed-echo", written, steps: 2000, rate: 0.02, growsLengths: true)
    var lengths: [Int] = []
    _ = try TaskRun(settings, path: folder.path("run")).train { event in
      if case .evaluation(let evaluation, _) = event { lengths.append(evaluation.length) }
      return true
    }
    #expect(lengths == lengths.sorted() && lengths.first == 3 && (lengths.last ?? 0) > 3)
  }

  @Test("A training that diverges goes back, and gives up with a good state in the folder")
  func diverging() throws {
    let folder = try StorageTestFolder()
    let settings = try settings("adding", small("adding"), steps: 400, rate: 1e30)
    var rollbacks = 0
    let error = #expect(throws: TaskError.self) {
      try TaskRun(settings, path: folder.path("run")).train { event in
        if case .rollback = event { rollbacks += 1 }
        return true
      }
    }
    #expect(rollbacks > 0 && error?.description.contains("smaller --lr") == true)
    let file = try SafetensorsFile(
      contentsOf: folder.path("run/state.safetensors"), checksums: .required)
    for tensor in file.tensors {
      let values = try Tensor(unsafeUninitialized: Shape(tensor.shape)) {
        try file.readFloats(tensor.name, shape: tensor.shape, into: $0)
      }
      #expect(values.isFinite, "\(tensor.name)")
    }
  }
}
