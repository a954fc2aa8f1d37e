/// What a classifier takes a text for.
public enum TextStructure: String, Sendable, CaseIterable {
  /// A sequence of tokens.
  case sequence
  /// A sequence of parts, each a sequence of tokens: words where tokens are characters, and sentences where
  /// they are words. Parts and the text are read with attention by encoders of their own; see
  /// `HierarchicalAttention`.
  case hierarchy
}
