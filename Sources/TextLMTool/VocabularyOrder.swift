import TextLM

/// The order in which units are shown.
enum VocabularyOrder {
  /// The most frequent first, which is the order of the tokens.
  case count
  /// By the numbers of their characters.
  case codePoint
  /// As a dictionary of a language has them.
  case language(String)

  /// The order of this name.
  ///
  /// - Throws: `TextError` for what is neither a name nor a locale.
  init(_ name: String) throws(TextError) {
    switch name {
    case "count": self = .count
    case "codepoint": self = .codePoint
    default:
      _ = try Collation(locale: name)
      self = .language(name)
    }
  }

  /// The indices of units in this order.
  func indices(_ units: [UTF8Text]) throws(TextError) -> [Int] {
    switch self {
    case .count: return Array(units.indices)
    case .codePoint:
      return units.indices.sorted {
        units[$0].bytes.lexicographicallyPrecedes(units[$1].bytes)
      }
    case .language(let locale):
      let collation = try Collation(locale: locale)
      return units.indices.sorted { collation.precedes(units[$0], units[$1]) }
    }
  }
}
