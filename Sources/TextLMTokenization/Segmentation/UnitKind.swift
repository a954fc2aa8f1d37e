/// What the units of a segmenter are made of, which decides how a vocabulary spells an unseen one.
public enum UnitKind: Sendable {
  /// Single bytes: the vocabulary is the 256 byte tokens, and nothing is ever unseen.
  case byte
  /// Single Unicode scalars: an unseen one is one of a known number of others, so that `<unk>` has a
  /// price.
  case scalar
  /// Any sequences of scalars: there is no end of them, so that byte tokens have to spell an unseen
  /// one.
  case sequence
}
