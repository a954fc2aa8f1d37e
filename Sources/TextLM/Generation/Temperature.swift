/// Divides logits by τ: below 1 the likely becomes likelier, above 1 all become more alike.
///
/// z ← z / τ. At τ = 0 only the most likely token is left, the one with the lowest number among
/// equals: greedy decoding.
public struct Temperature: LogitsProcessor {
  /// τ.
  public let value: Float

  /// Throws `SamplingError` unless τ is finite and not negative.
  public init(_ value: Double) throws(SamplingError) {
    guard value.isFinite, value >= 0 else {
      throw .outOfRange(name: "temperature", value: "\(value)", allowed: "a number from 0 up")
    }
    self.value = Float(value)
  }

  /// Divides, or keeps the greatest alone.
  public func process(_ logits: inout [Float]) {
    guard let best = logits.indices.max(by: { logits[$0] < logits[$1] }) else { return }
    let greatest = logits[best]
    // The first of equals; differences to it cannot overflow where quotients could.
    let first = logits.firstIndex(of: greatest) ?? best
    for index in logits.indices {
      if value == 0 || logits[index] == -.infinity {
        logits[index] = index == first ? 0 : -.infinity
      } else {
        logits[index] = index == first ? 0 : (logits[index] - greatest) / value
      }
    }
  }
}
