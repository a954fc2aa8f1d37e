#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws the next token: processors in their order, then one draw from what they left.
///
/// The draw inverts the cumulative distribution in the order of token numbers, in Double, with one
/// 53-bit uniform number, so that a seed gives the same text on every machine with the same logits.
public struct Sampler: Sendable {
  private let processors: [any LogitsProcessor]
  private var random: RandomSource

  /// A sampler that draws from `random`.
  public init(_ processors: [any LogitsProcessor], random: RandomSource) {
    self.processors = processors
    self.random = random
  }

  /// The next token; `excluded` ones are never drawn.
  public mutating func next(_ logits: [Float], excluding excluded: [TokenID] = []) -> TokenID {
    var logits = logits
    for token in excluded { logits[Int(token)] = -.infinity }
    for processor in processors { processor.process(&logits) }
    let probabilities = Self.probabilities(logits)
    let point = random.nextUniform()
    var sum = 0.0
    var last = 0
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      last = token
      sum += probability
      if point < sum { break }
    }
    return TokenID(last)
  }

  /// softmax(z), in Double.
  static func probabilities(_ logits: [Float]) -> [Double] {
    let greatest = Double(logits.max() ?? 0)
    var result = logits.map { exp(Double($0) - greatest) }
    let total = result.reduce(0, +)
    for index in result.indices { result[index] /= total }
    return result
  }
}
