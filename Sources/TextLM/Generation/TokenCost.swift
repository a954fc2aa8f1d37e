#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a model's logits say about single tokens, before any sampling setting.
enum TokenCost {
  /// −ln softmax(z)[token], in nats, with the seven digits of Float.
  static func nats(of token: TokenID, in logits: [Float]) -> Double {
    Double(Engine.crossEntropyLoss(of: token, in: logits))
  }

  /// −ln softmax(z) of every token, in nats.
  static func nats(_ logits: [Float]) -> [Double] {
    let normalizer = normalizer(logits)
    return logits.map { normalizer - Double($0) }
  }

  /// ln Σ e^z.
  private static func normalizer(_ logits: [Float]) -> Double {
    let greatest = Double(logits.max() ?? 0)
    return log(logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }) + greatest
  }
}
