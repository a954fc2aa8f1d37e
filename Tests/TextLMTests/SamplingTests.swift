import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Sampling: processors")
struct SamplingTests {
  private func processed(_ logits: [Float], _ processor: any LogitsProcessor) -> [Float] {
    var (logits, processor, context) = (logits, processor, SamplingContext())
    processor.process(&logits, &context)
    return logits
  }

  private func kept(_ logits: [Float], _ processor: any LogitsProcessor) -> [Int] {
    let result = processed(logits, processor)
    return result.indices.filter { result[$0] != -.infinity }
  }

  private func softmax(_ logits: [Float]) -> [Double] {
    let greatest = logits.reduce(-.infinity, max)
    let exponentials = logits.map { exp(Double($0) - Double(greatest)) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }

  private struct Golden: Decodable {
    let logits: [Float]
    let probs: [Double]
    let temperature: [Double]
    let topK: [Int]
    let topP: [Int]
    let minP: [Int]
    let typical: [Int]
    let epsilon: [Int]
    let eta: Eta
    let repetition: [Double]
    let mirostat: Mirostat

    struct Eta: Decodable {
      let kept: [Int]
    }

    struct Mirostat: Decodable {
      let kept: [Int]
      let surprise_bits: Double
      let mu_next: Double
    }

    private enum CodingKeys: String, CodingKey {
      case logits, probs
      case temperature = "temperature0.7"
      case topK = "top_k3"
      case topP = "top_p0.8"
      case minP = "min_p0.1"
      case typical = "typical0.6"
      case epsilon = "epsilon0.05"
      case eta = "eta0.05"
      case repetition = "repetition_penalty1.3_tokens_1_4"
      case mirostat = "mirostat_v2_tau1.5_eta0.1_first_pick_top"
    }
  }

  /// The case `sampling`, PyTorch in float64 with fill as in `Fill.swift`:
  ///
  /// ```python
  /// z = fill(5, (8,), 2.5); p = torch.softmax(z, 0); torch.softmax(z / 0.7, 0)
  /// # and the tokens that stay: the 3 of greatest p; those that first reach 0.8 together; p >= 0.1 * p.max()
  /// ```
  @Test("Golden numbers")
  func golden() throws {
    let golden = try GoldenVectors.read("sampling", as: Golden.self)
    expectClose(
      softmax(processed(golden.logits, try Temperature(1))), golden.probs, tolerance: 1e-6, "τ = 1")
    expectClose(
      softmax(processed(golden.logits, try Temperature(0.7))), golden.temperature, tolerance: 1e-6,
      "τ = 0.7")
    #expect(kept(golden.logits, try TopK(3)) == golden.topK)
    #expect(kept(golden.logits, try TopP(0.8)) == golden.topP)
    #expect(kept(golden.logits, try MinP(0.1)) == golden.minP)
    #expect(kept(golden.logits, try Typical(0.6)) == golden.typical)
    #expect(kept(golden.logits, try EpsilonCutoff(0.05)) == golden.epsilon)
    #expect(kept(golden.logits, try EtaCutoff(0.05)) == golden.eta.kept)
    var logits = golden.logits
    var context = SamplingContext(prompt: [1, 4, 1])
    try RepetitionPenalty(1.3, window: 3).process(&logits, &context)
    expectClose(logits.map(Double.init), golden.repetition, tolerance: 1e-6, "repetition")
    var mirostat = try Mirostat(version: 2, target: 1.5, rate: 0.1)
    #expect(kept(golden.logits, mirostat) == golden.mirostat.kept)
    mirostat.accept(6, probability: exp2(-golden.mirostat.surprise_bits))
    #expect(abs(mirostat.bound - golden.mirostat.mu_next) < 1e-9)
  }

  /// Probabilities 1/2, 1/4, 1/8, 1/16 and twice 1/32, not in order.
  private let halves = [0.125, 0.03125, 0.5, 0.0625, 0.25, 0.03125].map { Float(log($0)) }

  @Test(
    "The nucleus ends with the token that reaches p",
    arguments: [
      (1e-9, [2]), (0.49, [2]), (0.51, [2, 4]), (0.74, [2, 4]), (0.76, [0, 2, 4]),
      (0.9, [0, 2, 3, 4]), (0.95, [0, 1, 2, 3, 4]), (0.99, [0, 1, 2, 3, 4, 5]),
      (1, [0, 1, 2, 3, 4, 5]),
    ] as [(Double, [Int])])
  func nucleus(mass: Double, expected: [Int]) throws {
    #expect(kept(halves, try TopP(mass)) == expected)
  }

  @Test(
    "The k most likely, and those as likely as the k-th",
    arguments: [
      (0, [0, 1, 2, 3, 4, 5]), (1, [2]), (2, [2, 4]), (4, [0, 2, 3, 4]),
      (5, [0, 1, 2, 3, 4, 5]), (6, [0, 1, 2, 3, 4, 5]), (Int.max, [0, 1, 2, 3, 4, 5]),
    ] as [(Int, [Int])])
  func mostLikely(count: Int, expected: [Int]) throws {
    #expect(kept(halves, try TopK(count)) == expected)
  }

  @Test(
    "At least a part as likely as the most likely",
    arguments: [
      (0, [0, 1, 2, 3, 4, 5]), (0.06, [0, 1, 2, 3, 4, 5]), (0.07, [0, 2, 3, 4]), (0.24, [0, 2, 4]),
      (0.26, [2, 4]), (0.51, [2]), (1, [2]),
    ] as [(Double, [Int])])
  func atLeast(ratio: Double, expected: [Int]) throws {
    #expect(kept(halves, try MinP(ratio)) == expected)
  }

  @Test("Temperature 0 keeps the first of the greatest, alone")
  func greedy() throws {
    for logits: [Float] in [[1, 3, 3, 2], [-.infinity, -1e30, -1e30], [0, 1e30, 1e30]] {
      #expect(kept(logits, try Temperature(0)) == [1])
    }
    // Below what a Float can hold it is 0.
    #expect(kept([1, 3, 3, 2], try Temperature(1e-60)) == [1])
  }

  @Test("Any temperature leaves numbers", arguments: [0, 1e-60, 1e-30, 1e-3, 1, 1e3])
  func extremeTemperatures(value: Double) throws {
    for logits: [Float] in [[1, 3, -2], [1e4, -1e4, 0], [-.infinity, 5, 4], [1e38, -1e38, 0]] {
      let result = processed(logits, try Temperature(value))
      #expect(!result.contains { $0.isNaN || $0 == .infinity }, "\(result)")
      #expect(result.contains { $0.isFinite })
      #expect(zip(logits, result).allSatisfy { $0 != -.infinity || $1 == -.infinity })
    }
  }

  @Test("Processors that cut off the unlikely keep the most likely, and excluded ones stay so")
  func keepsTheBest() throws {
    let processors: [any LogitsProcessor] = [
      try Temperature(0), try Temperature(0.5), try TopK(1), try TopP(1e-300), try MinP(1),
      try MinP(0.5), try TopP(0.5), try TopK(3), try EpsilonCutoff(0.9), try EtaCutoff(0.9),
      try TopNSigma(0.1), try Mirostat(version: 1, target: 0.01, rate: 1),
      try Mirostat(version: 2, target: 0.01, rate: 1),
    ]
    for logits: [Float] in [[1, 3, -2, -.infinity], [0, 0, 0, 0], [-1e4, 1e4, 9e3, 0], [7]] {
      for processor in processors {
        let result = processed(logits, processor)
        let best = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
        #expect(result[best] == result.reduce(-.infinity, max), "\(processor) on \(logits)")
        #expect(result[best].isFinite, "\(processor) on \(logits)")
        #expect(zip(logits, result).allSatisfy { $0 != -.infinity || $1 == -.infinity })
      }
    }
  }

  @Test("Values that make no sense", arguments: [-1, -1e-9, .nan, .infinity, -.infinity, 1e308])
  func outOfRange(value: Double) {
    #expect(throws: SamplingError.self) { try Temperature(value) }
    #expect(throws: SamplingError.self) { try TopP(value) }
    #expect(throws: SamplingError.self) { try MinP(value) }
    #expect(throws: SamplingError.self) { try Typical(value) }
    #expect(throws: SamplingError.self) { try EpsilonCutoff(value) }
    #expect(throws: SamplingError.self) { try EtaCutoff(value) }
    #expect(throws: SamplingError.self) { try TopNSigma(value) }
    #expect(throws: SamplingError.self) { try XTC(probability: value, threshold: 0.1) }
    #expect(throws: SamplingError.self) { try XTC(probability: 0.5, threshold: value) }
    #expect(throws: SamplingError.self) { try Mirostat(version: 2, target: value, rate: 0.1) }
    #expect(throws: SamplingError.self) { try Mirostat(version: 2, target: 1, rate: value) }
    #expect(throws: SamplingError.self) { try RepetitionPenalty(value, window: 1) }
    #expect(throws: SamplingError.self) {
      try DRY(multiplier: value, base: 1, allowedLength: 1, window: 1)
    }
    #expect(throws: SamplingError.self) {
      try DRY(multiplier: 1, base: value, allowedLength: 1, window: 1)
    }
    #expect(throws: SamplingError.self) { try Temperature(from: 1, to: value, over: 5) }
  }

  @Test func bounds() throws {
    let error = #expect(throws: SamplingError.self) { try TopP(0) }
    #expect(error?.description == "top-p is 0.0, but must be above 0 and at most 1")
    #expect(throws: SamplingError.self) { try TopP(1.0001) }
    #expect(throws: SamplingError.self) { try MinP(1.0001) }
    #expect(throws: SamplingError.self) { try TopK(-1) }
    #expect(throws: SamplingError.self) { try TopK(.min) }
    _ = (try TopP(1), try MinP(0), try MinP(1), try TopK(0), try Temperature(0))
  }
}
