extension Tokenizer {
  /// The tokens of a text. Nothing that is text makes this fail.
  ///
  /// - Complexity: Linear in the length of the text.
  public func encode(_ text: UTF8Text) -> [TokenID] {
    var tokens: [TokenID] = []
    tokens.reserveCapacity(vocabulary.tokenCapacity(for: text, kind: type(of: segmenter).kind))
    preparation.forEachPassage(of: text) { appendTokens(ofPrepared: $0, to: &tokens) }
    return tokens
  }

  /// The tokens of one passage of a text that was prepared already.
  ///
  /// Preparing a text twice is not always the same as once: transliteration may find more to do.
  public func encode(prepared text: UTF8Text) -> [TokenID] {
    var tokens: [TokenID] = []
    appendTokens(ofPrepared: text, to: &tokens)
    return tokens
  }

  private func appendTokens(ofPrepared text: UTF8Text, to tokens: inout [TokenID]) {
    vocabulary.appendTokens(of: text.bytes.span, segmenter: segmenter, to: &tokens)
  }

  /// The tokens of a string.
  public func encode(_ text: String) -> [TokenID] {
    encode(UTF8Text(text))
  }

  /// The tokens of the bytes of a file; a leading byte-order mark is stripped.
  ///
  /// - Throws: `TextError` for bytes that are not UTF-8; `source` is their name in it.
  public func encode(bytes: [UInt8], source: String) throws(TextError) -> [TokenID] {
    encode(try TextDecoder().decode(bytes, source: source).text)
  }

  /// The text of tokens.
  ///
  /// Boundaries give nothing, `<unk>` gives U+FFFD, and so does each longest wrong piece of byte
  /// tokens that do not make up UTF-8.
  ///
  /// - Precondition: Every token is in the vocabulary.
  public func decode(_ tokens: some Sequence<TokenID>) -> String {
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    var bytes: [UInt8] = []
    // An array first: a generic sequence, asked for each token, would take most of the time.
    for token in Array(tokens) { decoder.decode(token, into: &bytes) }
    decoder.finish(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What one `<unk>` costs beside its own probability, in nats (`Vocabulary.unknownPenaltyNats`).
  public var unknownPenaltyNats: Double {
    vocabulary.unknownPenaltyNats
  }
}
