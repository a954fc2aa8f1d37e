#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model's probabilities as whole numbers, which a compressor and a decompressor find alike.
///
/// Token i of the logits z has 1 + ⌊2³² e^zᵢ / Σ e^z⌋ parts: every token some, so that all can be
/// written, and none noticeably more or less than the model gives it.
package struct TokenFrequencies {
  private static let scale = 4_294_967_296.0

  private var weights: [Double] = []
  private var sizes: [UInt64] = []
  private var weightSum = 1.0
  private var logits: [Float] = []
  private var greatest = 0.0
  /// The parts of all tokens.
  package private(set) var total: UInt64 = 0

  /// Of no place yet.
  package init() {}

  /// Takes the logits [V] of one place.
  package mutating func take(_ logits: [Float]) {
    if weights.count != logits.count {
      weights = [Double](repeating: 0, count: logits.count)
      sizes = [UInt64](repeating: 1, count: logits.count)
    }
    self.logits = logits
    greatest = Double(logits.max() ?? 0)
    weightSum = 0
    for (token, logit) in logits.enumerated() {
      let weight = exp(Double(logit) - greatest)
      weights[token] = weight
      weightSum += weight
    }
    total = 0
    for token in weights.indices {
      let share = weights[token] / weightSum * Self.scale
      // A model whose numbers have run over still writes everything, only not well.
      let size = share >= 0 && share <= Self.scale ? 1 + UInt64(share) : 1
      sizes[token] = size
      total += size
    }
  }

  /// The parts of a token: the first of them, and how many.
  package func parts(of token: TokenID) -> (start: UInt64, size: UInt64) {
    var start: UInt64 = 0
    for other in 0..<Int(token) { start += sizes[other] }
    return (start, sizes[Int(token)])
  }

  /// The token that a part belongs to, with its parts. Requires one below `total`.
  package func token(at point: UInt64) -> (token: TokenID, start: UInt64, size: UInt64) {
    var (token, start) = (0, UInt64(0))
    while point - start >= sizes[token] {
      start += sizes[token]
      token += 1
    }
    return (TokenID(token), start, sizes[token])
  }

  /// −log₂ p of a token under the model itself.
  package func bits(of token: TokenID) -> Double {
    log2(weightSum) + (greatest - Double(logits[Int(token)])) / log(2)
  }
}
