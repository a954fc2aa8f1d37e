/// The tokens of a text, and which bytes of the text each of them stands for.
public struct LocatedTokens: Sendable, Equatable {
  /// The tokens.
  public var tokens: [TokenID] = []
  /// For each token, the bytes of the text as it was given.
  ///
  /// Ranges come in order. Where the preparation made several units of one character, each has the
  /// whole character's range; where it dropped characters, they are in no range. A byte token has
  /// its one byte where the character is as it was given.
  public var ranges: [Range<Int>] = []

  /// Takes both; the ranges may be left out where nobody asks for them.
  public init(tokens: [TokenID] = [], ranges: [Range<Int>] = []) {
    self.tokens = tokens
    self.ranges = ranges
  }
}

extension Tokenizer {
  /// The tokens of a text with their places in it, through every step of the preparation.
  ///
  /// - Complexity: As `encode`; looking up a place takes the logarithm of the number of places that
  ///   the preparation changed.
  public func encodeWithOffsets(_ text: UTF8Text) -> LocatedTokens {
    var located = LocatedTokens()
    preparation.forEachPassageWithOffsets(of: text) { prepared, source in
      let tokens = encode(prepared: prepared)
      let ranges =
        vocabulary.hasByteFallback ? ranges(of: tokens) : segmenter.units(of: prepared)
      located.tokens += tokens
      for range in ranges { located.ranges.append(source(range)) }
    }
    return located
  }

  /// Where tokens lie that were made of prepared text: none is `<unk>`, whose length is not known.
  private func ranges(of tokens: [TokenID]) -> [Range<Int>] {
    var end = 0
    return tokens.map { token in
      let start = end
      end += vocabulary.byteCount(of: token)
      return start..<end
    }
  }
}

extension Vocabulary {
  /// The bytes that a unit or byte token stands for; none for the boundary and `<unk>`.
  func byteCount(of token: TokenID) -> Int {
    switch place(of: token) {
    case .boundary, .unknown: 0
    case .byte: 1
    case .unit(let index): unitEnds[index] - (index == 0 ? 0 : unitEnds[index - 1])
    }
  }
}
