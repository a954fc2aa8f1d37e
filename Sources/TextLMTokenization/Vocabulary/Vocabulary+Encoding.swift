extension Vocabulary {
  /// Room for the tokens of most texts of this size, so that an array need not grow: as many as
  /// there are units of one scalar or byte, and what a batch asks for at its end.
  func tokenCapacity(for text: UTF8Text, kind: UnitKind) -> Int {
    (kind == .byte ? text.bytes.count : text.characterCount) + 3 * Self.batchSize
  }

  /// Bytes of text whose tokens are appended at once.
  private static let batchSize = 4096

  /// Appends the tokens of a text, which is prepared already.
  ///
  /// - Complexity: Linear in the length of the text.
  func appendTokens(
    of text: Span<UInt8>, segmenter: some Segmenter, to tokens: inout [TokenID]
  ) {
    switch type(of: segmenter).kind {
    case .byte: appendByteTokens(of: text, to: &tokens)
    case .scalar: appendScalarTokens(of: text, to: &tokens)
    case .sequence:
      segmenter.forEachBatch(of: text) { start, ends in
        let room = hasByteFallback ? ends[ends.count - 1] - start : ends.count
        tokens.append(addingCapacity: room) { tokens in
          appendTokens(of: text, from: start, ends: ends, to: &tokens)
        }
      }
    }
  }

  private func appendByteTokens(of text: Span<UInt8>, to tokens: inout [TokenID]) {
    let first = firstByteToken
    tokens.append(addingCapacity: text.count) { tokens in
      for index in text.indices { tokens.append(first + TokenID(text[unchecked: index])) }
    }
  }

  private func appendScalarTokens(of text: Span<UInt8>, to tokens: inout [TokenID]) {
    let ascii = asciiTokens.span
    var offset = 0
    while offset < text.count {
      // A scalar may reach over the border by three bytes, each of them a token at most.
      let border = min(offset + Self.batchSize, text.count)
      tokens.append(addingCapacity: border - offset + 3) { tokens in
        while offset < border {
          let byte = text[unchecked: offset]
          if byte < 0x80 {
            tokens.append(ascii[unchecked: Int(byte)])
            offset += 1
          } else {
            let length = UTF8Scalar.length(leadByte: byte)
            let token = scalarTokens[UTF8Scalar.value(in: text, at: offset)]
            append(token, orSpellingOf: text, offset, offset + length, to: &tokens)
            offset += length
          }
        }
      }
    }
  }

  /// Appends the tokens of units that lie end to end in a text, the first from `start`; `tokens` has
  /// room for one each, or with byte fallback for one for each byte.
  private func appendTokens(
    of text: Span<UInt8>, from start: Int, ends: Span<Int>, to tokens: inout OutputSpan<TokenID>
  ) {
    let ascii = asciiTokens.span
    var start = start
    for index in ends.indices {
      let end = ends[unchecked: index]
      let lead = text[unchecked: start]
      if end - start == 1, lead < 0x80 {
        tokens.append(ascii[unchecked: Int(lead)])
      } else if end - start == UTF8Scalar.length(leadByte: lead) {
        let token = scalarTokens[UTF8Scalar.value(in: text, at: start)]
        append(token, orSpellingOf: text, start, end, to: &tokens)
      } else {
        let sequence = sequences.index(of: text, start, end)
        append(
          sequence.map { sequenceTokens[$0] } ?? 0, orSpellingOf: text, start, end, to: &tokens)
      }
      start = end
    }
  }

  /// Appends the token of a unit or, when it is 0, what stands for an unseen one.
  @inline(__always)
  private func append(
    _ token: TokenID, orSpellingOf text: Span<UInt8>, _ start: Int, _ end: Int,
    to tokens: inout OutputSpan<TokenID>
  ) {
    if token != 0 {
      tokens.append(token)
    } else if hasByteFallback {
      for place in start..<end { tokens.append(firstByteToken + TokenID(text[place])) }
    } else {
      tokens.append(Self.unknown)
    }
  }
}
