/// Why a text ended.
public enum FinishReason: String, Sendable, CaseIterable {
  /// It has as many tokens as were asked for.
  case length
  /// The model ended the document.
  case document
  /// One of the stop texts came.
  case stop
  /// The line, sentence or paragraph is whole.
  case until
  /// It satisfies its constraint, which allows nothing behind it.
  case complete
  /// Whatever could come next would copy more than may be copied.
  case copying
}
