/// How many stretches a text is read in side by side, and where each begins.
///
/// A model reads many stretches in hardly more time than one, but each begins with nothing in mind:
/// until it has found into the text it costs more, between 3 and 100 bits in all.
package struct SymbolStretches: Equatable {
  /// A stretch has at least so many symbols unless asked otherwise, of whose bits the beginning is about
  /// a thousandth at most.
  package static let standardLength = 1 << 15
  /// Most stretches: more would hardly be faster.
  package static let mostCount = 64

  /// Symbols of all stretches.
  package let symbolCount: Int
  /// Symbols of each but the last, which may be shorter.
  package let length: Int

  /// Cuts so many symbols in `count` stretches of the same length, or where that does not come out even,
  /// in fewer; as many as are worth it for nil.
  package init(symbolCount: Int, count: Int?) {
    let wanted = count ?? min(Self.mostCount, symbolCount / Self.standardLength)
    self.symbolCount = symbolCount
    length = max(1, (symbolCount + max(1, wanted) - 1) / max(1, wanted))
  }

  /// The number of stretches; none of an empty text.
  package var count: Int { (symbolCount + length - 1) / length }

  /// The symbol of a stretch after so many others of it; nil behind its end.
  package func symbol(_ step: Int, of stretch: Int) -> Int? {
    let symbol = stretch * length + step
    return step < length && symbol < symbolCount ? symbol : nil
  }
}
