/// A part of a text after which writing may end.
public enum TextPart: String, Sendable, CaseIterable {
  /// Ends in front of the next line end.
  case line
  /// Ends behind the next mark that ends a sentence, with the quotation marks and brackets that
  /// close behind it.
  ///
  /// A mark of ASCII ends one only with white space behind it; abbreviations are not told apart.
  case sentence
  /// Ends in front of the next blank line behind something visible.
  case paragraph
  /// Ends where the model ends the document.
  case document
}
