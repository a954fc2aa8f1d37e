import Foundation
import TextLM
import TextLMTensors
import Testing

/// What is drawn under each processor, against probabilities worked out by hand.
@Suite("Sampling: frequencies")
struct FrequencyTests {
  /// 1/2, 1/4, 1/8, 1/16 and twice 1/32, not in order; in 32nds.
  private static let halves: [Double] = [4, 1, 16, 2, 8, 1]

  /// A processor, what has been read, and what it makes of the weights, in any unit.
  struct Case: Sendable, CustomTestStringConvertible {
    let processor: any LogitsProcessor
    var prompt: [TokenID] = []
    var before = FrequencyTests.halves
    let after: [Double]

    var testDescription: String { type(of: processor).name }
  }

  private static func cases() throws -> [Case] {
    // The tokens 2 to 5 by how often they come: a, b, c, d.
    let tokenizer = try Tokenizer(trainedOn: [UTF8Text("aaaabbbccd")])
    let tokens: [TokenID] = [2, 0, 2]
    return [
      // Four times as likely: 2/32 become 8/32.
      Case(
        processor: try LogitBias([("b", log(4))], tokenizer: tokenizer),
        after: [4, 1, 16, 8, 8, 1]),
      // ln p is below zero, and twice that is ln p²: 1/4 of 1/2, 1/64 of 1/8.
      Case(
        processor: try RepetitionPenalty(2, window: 3), prompt: [4] + tokens,
        after: [0.5, 1, 8, 2, 8, 1]),
      // Half as likely for each time, of which token 2 has two.
      Case(
        processor: try FrequencyPenalty(log(2), window: 3), prompt: [4] + tokens,
        after: [2, 1, 4, 2, 8, 1]),
      Case(
        processor: try PresencePenalty(log(2), window: 3), prompt: [4] + tokens,
        after: [2, 1, 8, 2, 8, 1]),
      // Behind 0, 1 comes token 2 again, a repetition of two: 2^(2 − 1) halvings.
      Case(
        processor: try DRY(multiplier: log(2), base: 2, allowedLength: 1, window: 9),
        prompt: [0, 1, 2, 0, 1], after: [4, 1, 4, 2, 8, 1]),
      Case(processor: try NoRepeat(2), prompt: [0, 4, 2, 0], after: [4, 1, 16, 2, 0, 1]),
      // In bits the logits are −3, −5, −1, −4, −2, −5: σ = 1.49, and −1 − 1.5 σ = −3.24.
      Case(processor: try TopNSigma(1.5), after: [4, 0, 16, 0, 8, 0]),
      // p².
      Case(processor: try Temperature(0.5), after: [16, 1, 256, 4, 64, 1]),
      Case(processor: try TopK(2), after: [0, 0, 16, 0, 8, 0]),
      // 28 of 32 are less than 0.9.
      Case(processor: try TopP(0.9), after: [4, 0, 16, 2, 8, 0]),
      Case(processor: try MinP(0.2), after: [4, 0, 16, 0, 8, 0]),
      // 1/4 is the nearest to the entropy of 1.94 bits, and then 1/2.
      Case(processor: try Typical(0.26), after: [0, 0, 16, 0, 8, 0]),
      Case(processor: try EpsilonCutoff(0.04), after: [4, 0, 16, 2, 8, 0]),
      // √0.2 · 2^−1.94 = 0.117.
      Case(processor: try EtaCutoff(0.2), after: [4, 0, 16, 0, 8, 0]),
      // Three times in ten 1/2 and 1/4 are left out, and the others four times as likely.
      Case(
        processor: try XTC(probability: 0.3, threshold: 0.1),
        after: [7.6, 1.9, 11.2, 3.8, 5.6, 1.9]),
      // 2τ = 3.1 bits at most.
      Case(
        processor: try Mirostat(version: 2, target: 1.55, rate: 0.1), after: [4, 0, 16, 0, 8, 0]),
      // Of Zipf's 1 / i² the first four; see `CutoffTests`.
      Case(
        processor: try Mirostat(version: 1, target: 2, rate: 0.1),
        before: (1...50).map { 1 / Double($0 * $0) },
        after: (1...50).map { $0 <= 4 ? 1 / Double($0 * $0) : 0 }),
    ]
  }

  /// Pearson's Σ (observed − expected)² / expected.
  private static func deviation(_ counts: [Int], from weights: [Double]) -> Double {
    let (draws, total) = (Double(counts.reduce(0, +)), weights.reduce(0, +))
    return zip(counts, weights).reduce(0) { sum, pair in
      guard pair.1 > 0 else { return sum + Double(pair.0) * 1e9 }
      let expected = draws * pair.1 / total
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
  }

  /// With 5 degrees of freedom a right sampler exceeds 30.9 once in 100,000 seeds.
  private static let bound = 30.9

  @Test("Every processor's draws, 100,000 of each", arguments: try cases())
  func frequencies(of example: Case) {
    let logits = example.before.map { Float(log($0)) }.map { $0 - Float(log(32.0)) }
    var counts = [Int](repeating: 0, count: logits.count)
    for seed in 0..<100_000 as Range<UInt64> {
      // Each draw is the first behind the prompt, so that all are of one distribution.
      var sampler = Sampler(
        [example.processor], random: RandomSource(seed: seed), prompt: example.prompt)
      counts[Int(sampler.next(logits))] += 1
    }
    #expect(Self.deviation(counts, from: example.after) < Self.bound, "\(counts)")
    #expect(Self.deviation(counts, from: example.before) > Self.bound, "it could not fail")
  }

  @Test("No processor is left out, and each has its place in the order")
  func complete() throws {
    let names = Set(try Self.cases().map { type(of: $0.processor).name })
    #expect(names == Set(SamplingOrder.standard.names))
  }

  /// Behind a letter p², elsewhere p.
  @Test("The temperature within words and at their beginnings, 100,000 draws each")
  func words() throws {
    let tokenizer = try Tokenizer(trainedOn: [UTF8Text("aaaabbbcc ")])
    let processor = WordTemperature(
      start: try Temperature(1), inside: try Temperature(0.5),
      places: try WordPlaces(tokenizer.vocabulary))
    for (prompt, weights) in [
      ("a ", Self.halves), ("ab", Self.halves.map { $0 * $0 }),
    ] {
      let logits = Self.halves.map { Float(log($0)) }
      var counts = [Int](repeating: 0, count: logits.count)
      let read = tokenizer.encode(prompt)
      for seed in 0..<100_000 as Range<UInt64> {
        var sampler = Sampler([processor], random: RandomSource(seed: seed), prompt: read)
        counts[Int(sampler.next(logits))] += 1
      }
      #expect(Self.deviation(counts, from: weights) < Self.bound, "\(prompt): \(counts)")
    }
  }
}
