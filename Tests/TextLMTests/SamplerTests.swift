import Foundation
import TextLM
import Testing

@Suite("Sampling: draws")
struct SamplerTests {
  private let probabilities = [0.3, 0.02, 0.18, 0.05, 0.25, 0.2]
  private var logits: [Float] { probabilities.map { Float(log($0) + 5) } }

  private func counts(
    _ draws: Int, _ processors: [any LogitsProcessor] = [], excluding excluded: [TokenID] = []
  ) -> [Int] {
    var sampler = Sampler(processors, random: RandomSource(seed: 8))
    var counts = [Int](repeating: 0, count: probabilities.count)
    for _ in 0..<draws { counts[Int(sampler.next(logits, excluding: excluded))] += 1 }
    return counts
  }

  /// Pearson's Σ (observed − expected)² / expected.
  private func deviation(_ counts: [Int], from probabilities: [Double]) -> Double {
    let draws = Double(counts.reduce(0, +))
    return zip(counts, probabilities).reduce(0) { sum, pair in
      guard pair.1 > 0 else { return sum + Double(pair.0) * 1e9 }
      let expected = draws * pair.1
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
  }

  /// With 5 degrees of freedom a right sampler exceeds 30.9 once in 100,000 seeds.
  @Test("Tokens come as often as they are likely")
  func distribution() {
    #expect(deviation(counts(20_000), from: probabilities) < 30.9)
    let wrong = [0.28, 0.04, 0.18, 0.05, 0.25, 0.2]
    #expect(deviation(counts(20_000), from: wrong) > 30.9, "the test could not fail")
  }

  @Test("What was left out never comes, and the rest in proportion")
  func restricted() throws {
    let kept = [0.3, 0, 0, 0, 0.25, 0.2].map { $0 / 0.75 }
    #expect(deviation(counts(20_000, [try TopK(3)]), from: kept) < 30.9)
    #expect(deviation(counts(20_000, [try TopP(0.7)]), from: kept) < 30.9)
    let others = [0, 0.02, 0.18, 0.05, 0.25, 0].map { $0 / 0.5 }
    #expect(deviation(counts(20_000, excluding: [0, 5]), from: others) < 30.9)
    #expect(counts(100, [try Temperature(0)]) == [100, 0, 0, 0, 0, 0])
    #expect(counts(100, [try Temperature(0)], excluding: [0]) == [0, 0, 0, 0, 100, 0])
  }

  @Test("Processors act in their order")
  func order() throws {
    // At τ = 10 the probabilities are nearly alike, and 80 % of them need 5 tokens; before, 4.
    let hotFirst = counts(5_000, [try Temperature(10), try TopP(0.8)])
    let hotLast = counts(5_000, [try TopP(0.8), try Temperature(10)])
    #expect(hotFirst.count { $0 > 0 } == 5 && hotLast.count { $0 > 0 } == 4)
  }

  @Test("A draw inverts the cumulative distribution in the order of token numbers")
  func inversion() {
    var random = RandomSource(seed: 21)
    var sampler = Sampler([], random: random)
    let sums = probabilities.indices.map { probabilities[...$0].reduce(0, +) }
    for _ in 0..<1000 {
      let point = random.nextUniform()
      let token = sampler.next(logits)
      // Float logits move the borders by some 10⁻⁷.
      let isNearBorder = sums.contains { abs($0 - point) < 1e-6 }
      #expect(isNearBorder || Int(token) == sums.firstIndex { point < $0 })
    }
  }

  @Test("Extreme logits")
  func extremes() {
    var sampler = Sampler([], random: RandomSource(seed: 1))
    #expect(sampler.next([-1e4, 1e4, 0]) == 1)
    #expect(sampler.next([-.infinity, -1e38, -.infinity]) == 1)
    #expect(sampler.next([-.infinity, 3.4e38, -3.4e38]) == 1)
    #expect(sampler.next([4]) == 0)
  }
}
