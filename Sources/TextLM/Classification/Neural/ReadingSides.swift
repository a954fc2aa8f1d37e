/// From which ends a classifier reads a text.
public enum ReadingSides: String, Sendable, CaseIterable {
  /// From the first token on.
  case forward
  /// From both ends with an encoder each, so that every output knows the whole text.
  case both

  /// The directions, one for each encoder.
  var directions: [ReadingDirection] { self == .forward ? [.forward] : [.forward, .backward] }
}
