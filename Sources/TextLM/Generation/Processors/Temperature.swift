/// Divides logits by τ: below 1 the likely becomes likelier, above 1 all become more alike.
///
/// z ← z / τ. At τ = 0 only the most likely token is left, the one with the lowest number among
/// equals: greedy decoding.
///
/// With a schedule τ goes evenly from one value to another: at the t-th written token, from 0,
/// τ = a + (b − a) · min(t / (n − 1), 1).
public struct Temperature: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "temperature"
  /// The greatest τ, at which all tokens are as good as equally likely.
  public static let limit = 1000.0

  /// τ at the first token.
  public let value: Float
  /// τ at the last token of the schedule and behind it.
  public let end: Float
  /// n, the number of tokens of the schedule; 1 without one.
  public let length: Int

  /// Throws `SamplingError` unless τ is from 0 to 1000.
  public init(_ value: Double) throws(SamplingError) {
    try self.init(from: value, to: value, over: 1)
  }

  /// A temperature that changes over the first `length` tokens that are written.
  ///
  /// Throws `SamplingError` unless both are from 0 to 1000, and the length is positive.
  public init(from start: Double, to end: Double, over length: Int) throws(SamplingError) {
    for (name, value) in [("temperature", start), ("temperature-end", end)]
    where !(0...Self.limit).contains(value) {
      throw .outOfRange(name: name, value: "\(value)", allowed: "a number from 0 to 1000")
    }
    guard length >= 1 else {
      throw .outOfRange(
        name: "the schedule's length", value: "\(length)", allowed: "a whole number from 1 up")
    }
    value = Float(start)
    self.end = Float(end)
    self.length = length
  }

  /// τ of the token behind `writtenCount` others.
  public func value(at writtenCount: Int) -> Float {
    guard writtenCount < length - 1 else { return end }
    return value + (end - value) * (Float(writtenCount) / Float(length - 1))
  }

  /// Divides, or keeps the greatest alone.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard let greatest = logits.max(), let first = logits.firstIndex(of: greatest) else { return }
    let value = value(at: context.writtenCount)
    // Differences to the greatest cannot overflow where quotients could.
    for index in logits.indices {
      logits[index] = value == 0 ? -.infinity : (logits[index] - greatest) / value
    }
    logits[first] = 0
  }
}
