#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Holds the information of what is written at a target, by moving the cut after each token.
///
/// The state μ begins at 2τ bits. Version 1 takes the text's logits for a Zipf distribution with the
/// exponent ŝ = Σ tᵢbᵢ / Σ tᵢ², tᵢ = ln((i + 1) / i), bᵢ = ln(pᵢ / pᵢ₊₁), from the 100 most likely
/// tokens, and keeps the k most likely with k = (ε 2^μ / (1 − N^−ε))^(1/ŝ), ε = ŝ − 1, of N tokens.
/// Version 2 keeps tokens with −log₂ p <= μ. Both keep one at least. A token that was drawn with the
/// probability q, after all processors, moves μ to μ − η (−log₂ q − τ).
///
/// Reference: Sourya Basu et al., "Mirostat: A Neural Text Decoding Algorithm that Directly Controls
/// Perplexity", 2021.
public struct Mirostat: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "mirostat"
  /// Tokens that version 1 estimates the exponent from, at most.
  private static let estimatedCount = 100

  /// 1 or 2.
  public let version: Int
  /// τ, in bits a token.
  public let target: Double
  /// η.
  public let rate: Double
  /// μ, in bits.
  public private(set) var bound: Double

  /// Throws `SamplingError` for another version, and unless τ and η are above 0 and at most 100.
  public init(version: Int, target: Double, rate: Double) throws(SamplingError) {
    guard version == 1 || version == 2 else {
      throw .outOfRange(name: "mirostat", value: "\(version)", allowed: "1 or 2")
    }
    for (name, value) in [("mirostat-tau", target), ("mirostat-eta", rate)]
    where !(value > 0 && value <= 100) {
      throw .outOfRange(
        name: name, value: "\(value)", allowed: "a number above 0 and at most 100")
    }
    self.version = version
    self.target = target
    self.rate = rate
    bound = 2 * target
  }

  /// Excludes what is less likely than the bound allows.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let probabilities = Sampler.probabilities(logits)
    let order = logits.indices.filter { probabilities[$0] > 0 }
      .sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
    let count =
      version == 1
      ? keptCount(order.map { probabilities[$0] })
      : order.prefix { -log2(probabilities[$0]) <= bound }.count
    for index in order.dropFirst(max(1, count)) { logits[index] = -.infinity }
  }

  /// Moves the bound.
  public mutating func accept(_ token: TokenID, probability: Double) {
    guard probability > 0 else { return }
    bound -= rate * (-log2(probability) - target)
  }

  /// k of version 1, for probabilities in descending order.
  private func keptCount(_ probabilities: [Double]) -> Int {
    let estimated = probabilities.prefix(Self.estimatedCount)
    var (products, squares) = (0.0, 0.0)
    for (index, (former, next)) in zip(estimated, estimated.dropFirst()).enumerated() {
      let step = log(Double(index + 2) / Double(index + 1))
      products += step * log(former / next)
      squares += step * step
    }
    guard squares > 0 else { return probabilities.count }
    let exponent = products / squares
    let tokenCount = Double(probabilities.count)
    // Of tokens that are all as likely, 2^μ have μ bits each; the formula has no value there.
    guard exponent > 1e-6 else { return Self.whole(exp2(bound), atMost: probabilities.count) }
    let excess = exponent - 1
    // (1 − N^−ε) / ε tends to ln N.
    let divisor =
      abs(excess) < 1e-9 ? log(tokenCount) : (1 - pow(tokenCount, -excess)) / excess
    return Self.whole(pow(exp2(bound) / divisor, 1 / exponent), atMost: probabilities.count)
  }

  private static func whole(_ value: Double, atMost limit: Int) -> Int {
    value < Double(limit) ? Int(value.rounded()) : limit
  }
}
