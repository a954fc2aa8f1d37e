extension ShadedText {
  /// The surprisal of each token of a text as a colour, a shade for each bit up to nine, and the likeliest
  /// tokens as notes.
  public init(_ map: SurprisalMap, of text: UTF8Text, _ tokenizer: Tokenizer) {
    let pieces = map.places.map { place in
      let shown = Self.shown(place.token, text, place.range, tokenizer)
      let notes = place.guesses.map { guess in
        Note(
          text: Self.name(of: guess.token, tokenizer),
          number: Numbers.fixed(100 * guess.probability, 1) + " %",
          isActual: guess.token == place.token)
      }
      return Piece(
        text: shown, shade: Self.shade(place.bits, greatest: 9),
        title: "\(Numbers.fixed(place.bits, 2)) bits, rank \(Numbers.grouped(place.rank))",
        notes: notes)
    }
    self.init(pieces: pieces, legend: "0 to 9 bits and more: the stronger, the less expected")
  }

  /// A token as it stands in the text. Where the vocabulary lacks a character it is the text that is shown,
  /// unless bytes spell it.
  static func shown(
    _ token: TokenID, _ text: UTF8Text, _ range: Range<Int>, _ tokenizer: Tokenizer
  ) -> String {
    switch tokenizer.vocabulary.kind(of: token) {
    case .unknown: String(decoding: text.bytes[range], as: UTF8.self)
    default: name(of: token, tokenizer)
    }
  }

  /// A token as a guess: `⟨end⟩` for the end of the document.
  static func name(of token: TokenID, _ tokenizer: Tokenizer) -> String {
    token == Vocabulary.boundary ? "⟨end⟩" : tokenizer.text(of: token)
  }
}
