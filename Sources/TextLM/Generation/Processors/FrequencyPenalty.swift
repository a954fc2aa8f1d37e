/// Lowers the logits of what the last tokens had, once for each time.
///
/// z ← z − α · (the number of times the token is among the last w). A negative α makes the text keep to
/// what it has. On characters a window longer than a word or two penalizes the alphabet.
public struct FrequencyPenalty: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "frequency-penalty"

  /// α.
  public let penalty: Float
  /// w.
  public let window: Int

  /// Throws `SamplingError` unless α is from -100 to 100 and w is 1 or more.
  public init(_ penalty: Double, window: Int) throws(SamplingError) {
    guard abs(penalty) <= 100 else {
      throw .outOfRange(
        name: "frequency-penalty", value: "\(penalty)", allowed: "from -100 to 100")
    }
    try RepetitionPenalty.check(window: window)
    self.penalty = Float(penalty)
    self.window = window
  }

  /// Subtracts.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    for token in context.last(window) { logits[Int(token)] -= penalty }
  }
}
