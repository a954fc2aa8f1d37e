/// What a classifier takes a text for.
public enum TextStructure: String, Sendable, CaseIterable {
  /// A sequence of tokens.
  case sequence
  /// A sequence of parts, each a sequence of tokens: words where tokens are characters, and sentences where
  /// they are words. Parts and the text are read with attention by encoders of their own; see
  /// `HierarchicalAttention`.
  case hierarchy
}

extension TextStructure {
  /// What `--arch` calls a hierarchy of GRUs that read from both ends.
  ///
  /// Reference: Zichao Yang et al., "Hierarchical Attention Networks for Document Classification", 2016.
  public static let hierarchicalAttentionName = "han"

  /// The name by which `--arch` knows encoders that read a text so.
  func name(of architecture: any CausalArchitecture, _ sides: ReadingSides) -> String {
    let isHierarchicalAttention =
      self == .hierarchy && sides == .both && architecture is GRUArchitecture
    return isHierarchicalAttention
      ? Self.hierarchicalAttentionName : type(of: architecture).name
  }
}
