import Foundation
import TextLM
import TextLMTensors
import Testing

/// Trainings that take a fraction of a second.
enum SmallRuns {
  /// 32 steps are a bit more than an epoch of 2000 characters; evaluations and saves do not fall
  /// together.
  static func settings(
    _ name: String = "lstm", size: Int = 8, rate: Double = 0.25, steps: Int = 32,
    learningRate: Double = 0.01, course: LearningRateCourse = .cosine,
    precision: ComputePrecision = .float32, split: CorpusSplit = .tail(fraction: 0.1),
    evaluationInterval: Int? = 10, saveInterval: Int? = 7, seed: UInt64 = 3
  ) throws -> RunSettings {
    RunSettings(
      model: try SmallModels.configuration(name, size: size, rate: rate),
      data: TrainingData.Options(split: split, batchSize: 4, sequenceLength: 16),
      trainer: TrainerSettings(seed: seed, precision: precision),
      plan: LearningRatePlan(
        peak: learningRate, warmupSteps: 4, course: course, horizon: .steps(steps)),
      evaluationInterval: evaluationInterval, saveInterval: saveInterval)
  }

  static func corpus(_ characterCount: Int = 2000) throws -> [CorpusFile] {
    [try SmallTexts.file(SmallTexts.prose(characterCount))]
  }

  /// A run from its beginning until after step `last`, or to its end.
  @discardableResult
  static func train(
    _ settings: RunSettings, in path: String, stoppingAfter last: Int? = nil,
    overwrites: Bool = false, corpus: [CorpusFile]? = nil
  ) throws -> TrainingResult {
    let run = try TrainingRun(
      settings, corpus: corpus ?? self.corpus(), path: path, overwrites: overwrites)
    return try run.train { !isStep(last, $0) }
  }

  /// Goes on with a run until after step `last`, or to its end.
  @discardableResult
  static func resume(
    _ path: String, stoppingAfter last: Int? = nil, horizon: LearningRatePlan.Horizon? = nil,
    corpus: [CorpusFile]? = nil
  ) throws -> TrainingResult {
    try TrainingRun(resuming: path, corpus: corpus ?? self.corpus(), horizon: horizon)
      .train { !isStep(last, $0) }
  }

  private static func isStep(_ number: Int?, _ event: TrainingEvent) -> Bool {
    if case .step(let report, _) = event { return report.step == number }
    return false
  }
}

/// What a run leaves behind, without the times.
struct RunFiles: Equatable {
  let model: [UInt8]?
  let state: [UInt8]
  let log: [JSONValue]

  init(_ folder: String) throws {
    let modelPath = folder + "/model.safetensors"
    model =
      FileManager.default.fileExists(atPath: modelPath)
      ? try FileReader.bytes(at: modelPath, atMost: 1 << 24) : nil
    state = try FileReader.bytes(at: folder + "/state.safetensors", atMost: 1 << 24)
    log = try Self.rows(folder).map { row in
      guard case .object(let object) = row else { return row }
      var timeless = JSONObject()
      for member in object.members
      where !["tokens_per_second", "elapsed_seconds"].contains(member.key) {
        timeless.append(member.key, member.value)
      }
      return .object(timeless)
    }
  }

  static func rows(_ folder: String) throws -> [JSONValue] {
    try JSONLinesContent(contentsOf: folder + "/log.jsonl").rows
  }

  /// Says which of the files differ, because printing them would not help.
  static func expectEqual(
    _ folder: String, _ other: String, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (left, right) = (try RunFiles(folder), try RunFiles(other))
    let (models, states) = (left.model == right.model, left.state == right.state)
    #expect(models, "\(what): models differ", sourceLocation: sourceLocation)
    #expect(states, "\(what): states differ", sourceLocation: sourceLocation)
    #expect(left.log.count == right.log.count, "\(what): rows", sourceLocation: sourceLocation)
    let place = zip(left.log, right.log).first { $0 != $1 }
    #expect(place == nil, "\(what): logs differ", sourceLocation: sourceLocation)
  }
}
