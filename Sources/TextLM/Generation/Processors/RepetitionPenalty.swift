/// Makes what the last tokens had less likely, however often they had it.
///
/// For each token among the last w: z ← z ρ where z < 0, z / ρ elsewhere. ρ above 1 penalizes, below 1
/// rewards. It depends on where the logits' zero is, and so on whether it acts before the
/// temperature, as it should. On characters a window longer than a word or two penalizes the
/// alphabet: `DRY` and `NoRepeat` look at sequences instead.
///
/// Reference: Nitish Shirish Keskar et al., "CTRL: A Conditional Transformer Language Model for
/// Controllable Generation", 2019.
public struct RepetitionPenalty: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "repetition-penalty"

  /// ρ.
  public let penalty: Float
  /// w.
  public let window: Int

  /// Throws `SamplingError` unless ρ is from 0.01 to 100 and w is 1 or more.
  public init(_ penalty: Double, window: Int) throws(SamplingError) {
    guard penalty >= 0.01, penalty <= 100 else {
      throw .outOfRange(
        name: "repetition-penalty", value: "\(penalty)", allowed: "from 0.01 to 100")
    }
    try Self.check(window: window)
    self.penalty = Float(penalty)
    self.window = window
  }

  /// What all penalties ask of a window.
  static func check(window: Int) throws(SamplingError) {
    guard window >= 1 else {
      throw .outOfRange(
        name: "penalty-window", value: "\(window)", allowed: "a whole number from 1 up")
    }
  }

  /// Multiplies or divides.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    for token in Set(context.last(window)) {
      let logit = logits[Int(token)]
      logits[Int(token)] = logit < 0 ? logit * penalty : logit / penalty
    }
  }
}
