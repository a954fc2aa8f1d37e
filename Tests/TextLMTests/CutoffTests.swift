import Foundation
import TextLM
import Testing

/// Processors that cut off, on distributions worked out by hand.
@Suite("Sampling: cutting off")
struct CutoffTests {
  /// Probabilities 1/2, 1/4, 1/8, 1/16 and twice 1/32, not in order; H = 1.9375 bits.
  private let halves = [0.125, 0.03125, 0.5, 0.0625, 0.25, 0.03125].map { Float(log($0)) }

  private func kept(
    _ logits: [Float], _ processor: any LogitsProcessor, _ context: SamplingContext? = nil
  ) -> [Int] {
    var (logits, processor, context) = (logits, processor, context ?? SamplingContext())
    processor.process(&logits, &context)
    return logits.indices.filter { logits[$0] != -.infinity }
  }

  /// |−log₂ p − H| in bits: 1/4 0.0625, 1/2 0.9375, 1/8 1.0625, 1/16 2.0625, 1/32 3.0625.
  @Test(
    "Typical takes by the distance to the entropy",
    arguments: [
      (0.01, [4]), (0.24, [4]), (0.26, [2, 4]), (0.74, [2, 4]), (0.76, [0, 2, 4]),
      (0.9, [0, 2, 3, 4]), (0.95, [0, 1, 2, 3, 4]), (1, [0, 1, 2, 3, 4, 5]),
    ] as [(Double, [Int])])
  func typical(mass: Double, expected: [Int]) throws {
    #expect(kept(halves, try Typical(mass)) == expected)
  }

  @Test(
    "Epsilon keeps what is likely enough, and the most likely",
    arguments: [
      (0, [0, 1, 2, 3, 4, 5]), (0.03, [0, 1, 2, 3, 4, 5]), (0.04, [0, 2, 3, 4]),
      (0.1, [0, 2, 4]), (0.2, [2, 4]), (0.3, [2]), (0.9, [2]),
    ] as [(Double, [Int])])
  func epsilon(threshold: Double, expected: [Int]) throws {
    #expect(kept(halves, try EpsilonCutoff(threshold)) == expected)
  }

  /// e^−H = 2^−1.9375 = 0.2611; √ε times that is below ε from ε = 0.0682 on.
  @Test(
    "Eta is the lower of two thresholds",
    arguments: [
      (0, [0, 1, 2, 3, 4, 5]), (0.04, [0, 2, 3, 4]),
      // min(0.2, 0.1168) and min(0.3, 0.1430)
      (0.2, [0, 2, 4]), (0.3, [2, 4]),
      // min(0.99, 0.2598)
      (0.99, [2]),
    ] as [(Double, [Int])])
  func eta(epsilon: Double, expected: [Int]) throws {
    #expect(kept(halves, try EtaCutoff(epsilon)) == expected)
  }

  /// Logits 0, 2, 4, 6, 8: mean 4, variance 8, σ = 2.828.
  @Test(
    "Top-n-sigma measures in standard deviations, of any temperature",
    arguments: [
      (0.5, [4]), (0.7, [4]), (0.71, [3, 4]), (1, [3, 4]), (1.42, [2, 3, 4]), (3, [0, 1, 2, 3, 4]),
    ] as [(Double, [Int])])
  func topNSigma(count: Double, expected: [Int]) throws {
    let logits: [Float] = [0, 2, 4, 6, 8]
    #expect(kept(logits, try TopNSigma(count)) == expected)
    #expect(kept(logits.map { $0 / 10 - 3 }, try TopNSigma(count)) == expected)
    // What is excluded already has no part in the deviation.
    #expect(kept(logits + [-.infinity], try TopNSigma(count)) == expected)
    #expect(kept([1, 1, 1], try TopNSigma(count)) == [0, 1, 2])
  }

  @Test(
    "XTC leaves the least likely of the good choices, and all others",
    arguments: [
      (0.3, [0, 1, 2, 3, 4, 5]), (0.2, [0, 1, 3, 4, 5]), (0.1, [0, 1, 3, 5]),
      (0.06, [1, 3, 5]), (0.01, [5]),
    ] as [(Double, [Int])])
  func excludeTopChoices(threshold: Double, expected: [Int]) throws {
    #expect(kept(halves, try XTC(probability: 1, threshold: threshold)) == expected)
    #expect(kept(halves, try XTC(probability: 0, threshold: threshold)) == [0, 1, 2, 3, 4, 5])
  }

  /// A binomial count of 100,000 draws lies within 5 standard deviations of its mean but once in a
  /// million.
  @Test("XTC acts as often as it is told")
  func excludeTopChoicesOften() throws {
    let processor = try XTC(probability: 0.3, threshold: 0.1)
    var context = SamplingContext(random: RandomSource(seed: 4))
    var count = 0
    for _ in 0..<100_000 {
      var logits = halves
      processor.process(&logits, &context)
      count += logits[2] == -.infinity ? 1 : 0
    }
    #expect(abs(Double(count) - 30_000) < 5 * (100_000 * 0.3 * 0.7).squareRoot())
  }

  /// Surprises of 1, 2, 3, 4, 5 and 5 bits; μ begins at 2τ.
  @Test(
    "Mirostat 2 keeps what is not too surprising",
    arguments: [
      (0.1, [2]), (0.55, [2]), (1.05, [2, 4]), (1.55, [0, 2, 4]), (2.55, [0, 1, 2, 3, 4, 5]),
    ] as [(Double, [Int])])
  func mirostat2(target: Double, expected: [Int]) throws {
    #expect(kept(halves, try Mirostat(version: 2, target: target, rate: 0.1)) == expected)
  }

  /// Zipf's p ~ 1 / i² has bᵢ = 2 tᵢ, and so ŝ = 2 and ε = 1: k = (2^μ / (1 − 1/N))^(1/2).
  @Test(
    "Mirostat 1 finds the exponent and the number to keep",
    arguments: [(1.0, 2), (2.0, 4), (3.0, 8), (0.01, 1)] as [(Double, Int)])
  func mirostat1(target: Double, expected: Int) throws {
    let logits = (1...50).map { Float(-2 * log(Double($0))) }
    let processor = try Mirostat(version: 1, target: target, rate: 0.1)
    #expect(kept(logits, processor) == Array(0..<expected))
    // Of tokens that are all as likely, 2^μ.
    let flat = [Float](repeating: 1, count: 200)
    #expect(kept(flat, processor) == Array(0..<max(1, Int(exp2(2 * target).rounded()))))
    // An exponent of 1 has a formula of its own: k = 2^μ / ln N.
    let harmonic = (1...50).map { Float(-log(Double($0))) }
    let count = min(50, max(1, Int((exp2(2 * target) / log(50)).rounded())))
    #expect(kept(harmonic, processor) == Array(0..<count))
  }

  /// The mean surprise of what is drawn approaches the target: after n tokens it differs by
  /// (μ₀ − μ) / (η n) exactly, since each token moves μ by η times its difference.
  @Test("Mirostat holds the surprise", arguments: [1, 2])
  func mirostatHolds(version: Int) throws {
    var sampler = Sampler(
      [try Mirostat(version: version, target: 1.5, rate: 0.1)], random: RandomSource(seed: 3))
    var random = RandomSource(seed: 9)
    var surprise = 0.0
    var mirostat = try Mirostat(version: version, target: 1.5, rate: 0.1)
    for _ in 0..<20_000 {
      let logits = (0..<40).map { _ in Float(random.nextNormal() * 1.5) }
      let token = Int(sampler.next(logits))
      var (cut, context) = (logits, SamplingContext())
      mirostat.process(&cut, &context)
      let weights = cut.map { exp(Double($0)) }
      let probability = weights[token] / weights.reduce(0, +)
      #expect(probability > 0, "a token that was cut off")
      mirostat.accept(TokenID(token), probability: probability)
      surprise -= log2(probability)
    }
    #expect(abs(surprise / 20_000 - 1.5) < 0.01)
  }

  @Test("A schedule goes evenly from one temperature to the other, and stays there")
  func schedule() throws {
    let temperature = try Temperature(from: 0.5, to: 1.5, over: 5)
    #expect((0..<7).map { temperature.value(at: $0) } == [0.5, 0.75, 1, 1.25, 1.5, 1.5, 1.5])
    #expect(try Temperature(from: 0.5, to: 1.5, over: 1).value(at: 0) == 1.5)
    var sampler = Sampler(
      [try Temperature(from: 0, to: 100, over: 200)], random: RandomSource(seed: 2))
    let draws = (0..<200).map { _ in sampler.next([1, 2, 3, 2.5]) }
    #expect(draws.first == 2, "τ = 0 takes the likeliest")
    #expect(Set(draws.suffix(100)) == [0, 1, 2, 3])
  }
}
