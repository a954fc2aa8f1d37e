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
}
