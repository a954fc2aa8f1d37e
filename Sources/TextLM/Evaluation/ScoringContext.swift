/// How much text a prediction knows of when it is measured.
public enum ScoringContext: Sendable, Equatable {
  /// All of its document that comes before. A long document is read in up to 64 stretches side by side,
  /// of at least `stretchLength` predictions, each begun `ScoringPlan.warmUpLength` tokens early; of
  /// `Int.max` in one pass.
  case carried(stretchLength: Int)
  /// What comes before in the same window of `length` tokens, of which the first knows one token: as
  /// models that keep nothing from window to window are often measured.
  case reset(length: Int)
  /// The last `length` tokens, but for the half of them that saves reading each token `length` times:
  /// at least length / 2 and at most `length`.
  case sliding(length: Int)

  /// Long documents in stretches of 4,096 predictions and more.
  public static let standard = carried(stretchLength: ScoringPlan.stretchLength)
  /// Each document in one pass.
  public static let exact = carried(stretchLength: .max)
}
