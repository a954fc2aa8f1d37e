/// A model reading a text that is told symbol by symbol: the one way in which both sides compute.
///
/// Every call of the model reads one token of each stretch, whatever is known already, in float32:
/// the same sums in the same order when a text is compressed and when it comes back.
struct SymbolReading {
  let model: TextModel

  /// Calls `body` for each symbol with its place and what the model expects there; it returns the token
  /// that is there. Symbols come step by step, those of all stretches in turn.
  func forEachSymbol<Failure: Error>(
    of stretches: SymbolStretches,
    _ body: (_ place: Int, _ expected: TokenFrequencies) throws(Failure) -> TokenID
  ) throws(Failure) {
    let reader = model.languageModel.reader(precision: .float32)
    let count = stretches.count
    var frequencies = TokenFrequencies()
    // Stretches that have ended go on reading boundaries: the batch keeps its shape.
    var last = [TokenID](repeating: Vocabulary.boundary, count: count)
    for step in 0..<(count == 0 ? 0 : stretches.length) {
      let origins = step == 0 ? Array(repeating: 0, count: count) : Array(0..<count)
      let logits = reader.logits(after: last, origins: origins)  // count times [V]
      for stretch in 0..<count {
        guard let place = stretches.symbol(step, of: stretch) else {
          last[stretch] = Vocabulary.boundary
          continue
        }
        frequencies.take(logits[stretch])
        last[stretch] = try body(place, frequencies)
      }
    }
  }
}
