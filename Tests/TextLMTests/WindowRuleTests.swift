import TextLM
import TextLMTestSupport
import Testing

@Suite("Windows of an epoch")
struct WindowRuleTests {
  private static let rules = [
    WindowRule(), WindowRule(isOffsetRandom: true), WindowRule(isLengthRandom: true),
    WindowRule(isOffsetRandom: true, isLengthRandom: true),
  ]

  private func ends(_ rule: WindowRule, _ length: Int, _ sequence: Int, epoch: Int) -> [Int] {
    rule.windowEnds(
      length: length, sequenceLength: sequence,
      random: RandomSource(seed: 4).stream("epoch \(epoch)"))
  }

  @Test("Windows cover every row from its beginning to its end", arguments: rules)
  func cover(rule: WindowRule) {
    for (length, sequence) in [(1, 1), (1, 50), (7, 3), (49, 50), (50, 50), (51, 50), (2000, 32)] {
      for epoch in 0..<20 {
        let ends = ends(rule, length, sequence, epoch: epoch)
        #expect(ends.last == length)
        #expect(zip([0] + ends, ends).allSatisfy { $0 < $1 })
        let longest = zip([0] + ends, ends).map { $1 - $0 }.max() ?? 0
        #expect(longest <= (rule.isLengthRandom ? sequence + 40 : sequence))
        #expect(self.ends(rule, length, sequence, epoch: epoch) == ends)
      }
    }
  }

  @Test("Cuts lie at another place in each epoch, all equally often")
  func offsets() {
    let rule = WindowRule(isOffsetRandom: true)
    let first = (0..<4000).map { ends(rule, 1000, 10, epoch: $0)[0] }
    // An offset of 0 leaves a first window of full length.
    for offset in 1...10 {
      // Four standard deviations around 400.
      #expect(abs(first.count { $0 == offset } - 400) < 76, "\(offset)")
    }
  }

  @Test("Random lengths are those of AWD-LSTM")
  func lengths() {
    let rule = WindowRule(isLengthRandom: true)
    let ends = ends(rule, 1_000_000, 100, epoch: 0)
    let lengths = zip([0] + ends, ends).dropLast().map { Double($1 - $0) }
    let halves = lengths.count { $0 < 75 }
    #expect(abs(Double(halves) / Double(lengths.count) - 0.05) < 0.01)
    let whole = lengths.filter { $0 > 75 }
    let mean = whole.reduce(0, +) / Double(whole.count)
    let variance = whole.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(whole.count)
    #expect(abs(mean - 100) < 0.3 && abs(variance.squareRoot() - 5) < 0.3)
    #expect(self.ends(rule, 100, 1, epoch: 0).first ?? 0 >= 5)
  }

  @Test("The learning rate is in proportion to a window's length")
  func rates() throws {
    let data = try TrainingData(
      SmallRuns.corpus(), TrainingData.Options(batchSize: 4, sequenceLength: 16))
    var settings = TrainerSettings(seed: 1)
    settings.windows = WindowRule(isLengthRandom: true)
    func check<Model: LanguageModel>(_ model: Model) throws {
      var trainer = Trainer(model, data.streams, sequenceLength: 16, settings)
      for _ in 0..<12 {
        let report = try trainer.next(learningRate: 0.01)
        expectClose(
          report.learningRate, 0.01 * Double(report.tokenCount) / 64, tolerance: 1e-12, "rate")
      }
    }
    try check(
      SmallModels.configuration().makeModel(
        vocabularySize: data.tokenizer.vocabulary.count, from: RandomParameters(seed: 1)))
  }

  /// What the trainer reads in its next steps: where each row's window begins, as texts of characters
  /// that all differ show it.
  private func windowStarts(
    length: Int, rows: Int, sequenceLength: Int, steps: Int
  ) throws -> [[Int]] {
    let tokens = TokenStore((0..<length).map { TokenID($0) })
    let streams = TokenStreams(cutting: tokens, into: rows)
    var settings = TrainerSettings(seed: 3)
    settings.windows = WindowRule(isOffsetRandom: true, isShuffled: true)
    func read<Model: LanguageModel>(_ model: Model) throws -> [[Int]] {
      var trainer = Trainer(model, streams, sequenceLength: sequenceLength, settings)
      return try (0..<steps).map { _ in
        _ = try trainer.next(learningRate: 0)
        let last = trainer.lastWindow
        let window = try #require(last)
        #expect(window.targets == window.input.tokens.map { $0 + 1 })
        #expect(window.input.timeLength == sequenceLength)
        return window.input.tokens.prefix(rows).map { Int($0) }
      }
    }
    return try read(
      SmallModels.configuration().makeModel(
        vocabularySize: length, from: RandomParameters(seed: 1)))
  }

  @Test("Shuffled windows are each read once in an epoch, in no order, and end within their rows")
  func shuffled() throws {
    // Rows of 100, of which windows of 8 fit 12 times or, with an offset above 4, 11 times.
    let steps = try windowStarts(length: 301, rows: 3, sequenceLength: 8, steps: 60)
    var epochs: [[Int]] = []
    var rest = steps[...]
    while !rest.isEmpty {
      // All windows of an epoch begin equally far behind a multiple of 8 in their rows.
      let offset = rest[rest.startIndex][0] % 100 % 8
      let count = (100 - offset) / 8
      guard rest.count >= count else { break }
      let starts = rest.prefix(count).flatMap { $0 }
      #expect(Set(starts).count == 3 * count)
      #expect(starts.allSatisfy { $0 % 100 % 8 == offset && $0 % 100 + 8 <= 100 })
      #expect(starts != starts.sorted())
      epochs.append(starts)
      rest = rest.dropFirst(count)
    }
    #expect(epochs.count >= 4)
    #expect(Set(epochs).count == epochs.count)
  }

  @Test("Shuffled windows begin with an empty memory")
  func emptyMemory() throws {
    let data = try TrainingData(
      SmallRuns.corpus(), TrainingData.Options(batchSize: 4, sequenceLength: 16))
    var settings = TrainerSettings(seed: 1)
    settings.windows = WindowRule(isShuffled: true)
    func natsOfEpochs<Model: LanguageModel>(_ model: Model) throws -> [Double] {
      var trainer = Trainer(model, data.streams, sequenceLength: 16, settings)
      var sums: [Double] = []
      while sums.count < 3 {
        if trainer.progress.window == 0 { sums.append(0) }
        sums[sums.count - 1] += try trainer.next(learningRate: 0).natsPerToken
      }
      return sums.dropLast()
    }
    let nats = try natsOfEpochs(
      SmallModels.configuration().makeModel(
        vocabularySize: data.tokenizer.vocabulary.count, from: RandomParameters(seed: 1)))
    // The same windows in another order: what came before one does not matter to it.
    expectClose(nats[1], nats[0], tolerance: 1e-6 * nats[0], "nats of an epoch")
  }
}
