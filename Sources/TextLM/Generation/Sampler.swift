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
  private var processors: [any LogitsProcessor]
  private var random: RandomSource
  /// What the processors know of the text.
  public private(set) var context: SamplingContext

  /// A sampler of a text that begins after `prompt`, drawing from `random`.
  public init(
    _ processors: [any LogitsProcessor], random: RandomSource, prompt: [TokenID] = []
  ) {
    self.processors = processors
    self.random = random
    context = SamplingContext(prompt: prompt, random: random.stream("processors"))
  }

  /// The next token of the text; `excluded` ones are never drawn.
  ///
  /// Requires a token that is neither excluded nor −∞.
  public mutating func next(_ logits: [Float], excluding excluded: [TokenID] = []) -> TokenID {
    var logits = logits
    for token in excluded { logits[Int(token)] = -.infinity }
    for index in processors.indices { processors[index].process(&logits, &context) }
    let probabilities = Self.probabilities(logits)
    let point = random.nextUniform()
    var sum = 0.0
    var last = 0
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      last = token
      sum += probability
      if point < sum { break }
    }
    let token = TokenID(last)
    for index in processors.indices {
      processors[index].accept(token, probability: probabilities[last])
    }
    context.append(token)
    return token
  }
}

/// What processors have in common.
extension Sampler {
  /// softmax(z), in Double.
  static func probabilities(_ logits: [Float]) -> [Double] { Engine.softmax(logits) }

  /// −Σ p ln p, in nats.
  static func entropy(_ probabilities: [Double]) -> Double {
    -probabilities.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
  }

  /// Excludes what is less likely than a threshold, but not the most likely.
  static func cut(_ logits: inout [Float], _ probabilities: [Double], below threshold: Double) {
    let bound = min(threshold, probabilities.max() ?? 0)
    for index in logits.indices where probabilities[index] < bound { logits[index] = -.infinity }
  }

  /// Excludes what stands in `order` behind the token with which the probabilities sum to `mass`.
  static func cut(
    _ logits: inout [Float], _ probabilities: [Double], behind mass: Double, in order: [Int]
  ) {
    var sum = 0.0
    for index in order {
      if sum >= mass { logits[index] = -.infinity }
      sum += probabilities[index]
    }
  }

  /// Excludes tokens; if nothing were left, the most likely of them stays.
  static func exclude(_ excluded: [Int], from logits: inout [Float]) {
    let best = logits.indices.max { (logits[$0], $1) < (logits[$1], $0) }
    let (kept, logit) = (best ?? 0, best.map { logits[$0] } ?? 0)
    for index in excluded { logits[index] = -.infinity }
    if !logits.contains(where: { $0 > -.infinity }) { logits[kept] = logit }
  }
}
