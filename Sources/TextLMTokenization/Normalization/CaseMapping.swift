/// What is done to capitals and small letters.
public enum CaseMapping: String, Sendable, CaseIterable {
  /// Nothing.
  case keep
  /// Full case folding, for comparing: ß becomes ss, and both forms of a small sigma one.
  case fold
  /// Small letters, as a person would write them: a sigma at the end of a word is the final one.
  case lower

  /// The mapping of this name.
  ///
  /// - Throws: `TextError.unknownCaseMapping`.
  public init(named name: String) throws(TextError) {
    guard let mapping = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
    else {
      throw .unknownCaseMapping(name: name, known: Self.allCases.map(\.rawValue))
    }
    self = mapping
  }
}
