/// From which end a model reads a text.
///
/// A backward model reads the units of each text from the last to the first, and says how likely each is
/// given those behind it. Two models, one of each direction, know both sides of a place.
public enum ReadingDirection: String, Sendable, CaseIterable {
  /// From the first unit on.
  case forward
  /// From the last unit back.
  case backward

  /// Tokens in the order in which they are read, or back in the order of the text.
  func ordered<Token>(_ tokens: [Token]) -> [Token] {
    self == .forward ? tokens : tokens.reversed()
  }
}
