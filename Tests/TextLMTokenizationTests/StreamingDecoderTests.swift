import Testing
import TextLMTokenization

@Suite struct StreamingDecoderTests {
  /// The unit `a` is token 2, and byte b is token 3 + b.
  private static let vocabulary: Vocabulary? = try? Vocabulary(
    VocabularyDescription(units: ["a"], counts: [1], hasByteFallback: true))

  private func pieces(_ tokens: [TokenID]) throws -> [String] {
    var decoder = StreamingDecoder(vocabulary: try #require(Self.vocabulary))
    return tokens.map { decoder.decode($0) } + [decoder.finish()]
  }

  private func byteTokens(_ bytes: [UInt8]) -> [TokenID] {
    bytes.map { TokenID($0) + 3 }
  }

  @Test func charactersComeWhole() throws {
    #expect(try pieces(byteTokens(Array("é😀".utf8))) == ["", "é", "", "", "", "😀", ""])
    #expect(try pieces([2, 2]) == ["a", "a", ""])
    #expect(try pieces([Vocabulary.boundary, Vocabulary.unknown]) == ["", "\u{FFFD}", ""])
  }

  @Test func whatIsNotEndedIsReplaced() throws {
    let begun = byteTokens([0xE2, 0x82])
    #expect(try pieces(begun) == ["", "", "\u{FFFD}"])
    #expect(try pieces(begun + [2]) == ["", "", "\u{FFFD}a", ""])
    #expect(try pieces(begun + [Vocabulary.boundary]) == ["", "", "\u{FFFD}", ""])
    #expect(try pieces(begun + [Vocabulary.unknown]) == ["", "", "\u{FFFD}\u{FFFD}", ""])
  }

  /// The standard library replaces each longest wrong piece, as the Unicode Standard (3.9)
  /// recommends.
  @Test func hostileBytesAgainstTheStandardLibrary() throws {
    let vocabulary = try #require(Self.vocabulary)
    let tokenizer = try Tokenizer(
      preparation: TextPreparation(.none), segmenter: CodePointSegmenter(), vocabulary: vocabulary)
    var sequences: [[UInt8]] = []
    for first in UInt8.min...255 {
      for second in UInt8.min...255 { sequences.append([first, second]) }
    }
    var generator = SeededGenerator(state: 2)
    // Half of the bytes are leads or continuations of long scalars, so that near misses are many.
    for _ in 0..<50_000 {
      sequences.append(
        (0..<6).map { _ in
          let random = generator.next()
          return random & 1 == 0
            ? UInt8(truncatingIfNeeded: random >> 8) : 0x80 | UInt8(random >> 57)
        })
    }
    var wrong: [[UInt8]] = []
    for sequence in sequences {
      let expected = UTF8Text(String(decoding: sequence, as: UTF8.self))
      let tokens = byteTokens(sequence)
      let streamed = UTF8Text(try pieces(tokens).joined())
      if streamed != expected || UTF8Text(tokenizer.decode(tokens)) != expected {
        wrong.append(sequence)
      }
    }
    #expect(wrong.isEmpty)
  }
}
