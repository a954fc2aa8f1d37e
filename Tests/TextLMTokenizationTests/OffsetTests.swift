import Testing
import TextLMTokenization

@Suite struct OffsetTests {
  private static func tokenizer(
    _ preparation: TextPreparation, units: [String] = ["a"]
  ) throws -> Tokenizer {
    try Tokenizer(
      preparation: preparation, segmenter: CodePointSegmenter(),
      vocabulary: Vocabulary(
        VocabularyDescription(
          units: units, counts: units.map { _ in 1 }, hasByteFallback: true)))
  }

  private static func description(
    _ change: (inout TextPreparationDescription) -> Void
  ) -> TextPreparationDescription {
    var description = TextPreparationDescription()
    change(&description)
    return description
  }

  /// The prepared characters, each with what it stands for.
  @Test(
    arguments: [
      (description { _ in }, "aéb", ["a a", "é é", "b b"]),
      (description { _ in }, "e\u{301}x", ["\u{E9} e\u{301}", "x x"]),
      (
        description { $0.normalizer = "nfd" }, "x\u{E9}y",
        ["x x", "e \u{E9}", "\u{301} \u{E9}", "y y"]
      ),
      (description { $0.normalizer = "nfkc" }, "oﬃce", ["o o", "f ﬃ", "f ﬃ", "i ﬃ", "c c", "e e"]),
      (
        description { $0.newlines = "lf" }, "a\r\nb\r\r\n\n",
        ["a a", "\n \r\n", "b b", "\n \r\r\n", "\n \n"]
      ),
      (description { $0.caseMapping = "fold" }, "Maß!", ["m M", "a a", "s ß", "s ß", "! !"]),
      (
        description { $0.caseMapping = "lower" }, "ΟΣ İ", ["ο Ο", "ς Σ", "   ", "i İ", "\u{307} İ"]
      ),
      (
        description {
          $0.caseMapping = "lower"
          $0.locale = "tr"
        }, "I\u{307}x", ["i I\u{307}", "x x"]
      ),
      (
        description { $0.transliteration = "щ > shch; ъ > ; {а} б > а;" }, "аъщб",
        ["а аъ", "s щ", "h щ", "c щ", "h щ", "б б"]
      ),
      // Segments of a rule keep their own places, also when they change them.
      (
        description { $0.transliteration = "(x)(y) > $2 '-' $1;" }, "axyb",
        ["a a", "y xy", "- xy", "x xy", "b b"]
      ),
      (
        description { $0.transliteration = "(x)(y) > $1 $2;" }, "axyb",
        ["a a", "x x", "y y", "b b"]
      ),
      (description { $0.dropped = "[0-9]" }, "1a23b4", ["a a", "b b"]),
      (
        description {
          $0.newlines = "lf"
          $0.caseMapping = "fold"
          $0.transliteration = "ss > z; é > e;"
          $0.dropped = "[b]"
        }, "b\r\nBAẞE\u{301}b", ["\n \r\n", "a A", "z ẞ", "e E\u{301}"]
      ),
    ] as [(TextPreparationDescription, String, [String])])
  func charactersKeepTheirPlaces(
    description: TextPreparationDescription, given: String, expected: [String]
  ) throws {
    let bytes = Array(given.utf8)
    let preparation = try TextPreparation(description)
    // Every character is a unit, so that ranges are those of characters.
    let scalars = Set((given + expected.joined()).unicodeScalars).map { String($0) }
    let tokenizer = try Self.tokenizer(preparation, units: scalars)
    let located = tokenizer.encodeWithOffsets(UTF8Text(given))
    let found = zip(located.tokens, located.ranges).map { token, range in
      UTF8Text(tokenizer.decode([token]) + " " + String(decoding: bytes[range], as: UTF8.self))
    }
    #expect(found == expected.map { UTF8Text($0) })
  }

  @Test func bytesOfAnUnchangedCharacterAreItsBytes() throws {
    let tokenizer = try Self.tokenizer(TextPreparation(.nfc))
    let located = tokenizer.encodeWithOffsets(UTF8Text("a日e\u{301}a"))
    #expect(located.tokens == tokenizer.encode("a日e\u{301}a"))
    #expect(located.ranges == [0..<1, 1..<2, 2..<3, 3..<4, 4..<7, 4..<7, 7..<8])
    let full = try Tokenizer(trainedOn: [UTF8Text("ab")])
    #expect(full.encodeWithOffsets(UTF8Text("a日b")).tokens == [2, 1, 3])
    #expect(full.encodeWithOffsets(UTF8Text("a日b")).ranges == [0..<1, 1..<4, 4..<5])
    #expect(full.encodeWithOffsets(UTF8Text("")).ranges.isEmpty)
  }

  @Test func deletedTextBelongsToNothing() {
    var map = OffsetMap()
    #expect(map.isIdentity)
    #expect(map.source(of: 3..<5) == 3..<5)
    // "0abc1" to "abc", then "abc" to "abXYc".
    map.append([
      OffsetMap.Edit(input: 0..<1, output: 0..<0), OffsetMap.Edit(input: 4..<5, output: 3..<3),
    ])
    #expect(map.source(of: 0..<3) == 1..<4)
    #expect(map.source(of: 0..<0) == 0..<0)
    map.append([OffsetMap.Edit(input: 2..<2, output: 2..<4)])
    #expect(map.source(of: 0..<5) == 1..<4)
    #expect(map.source(of: 2..<4).isEmpty)
    #expect(map.source(of: 3..<5) == 3..<4)
  }

  /// Laws for every preparation and text: the text is that without offsets; ranges are in order,
  /// inside the text, and on borders of characters.
  @Test(
    arguments: [
      description { $0.normalizer = "nfd" }, description { $0.normalizer = "nfkc-casefold" },
      description { $0.caseMapping = "lower" },
      description {
        $0.caseMapping = "lower"
        $0.locale = "lt"
      },
      description {
        $0.caseMapping = "fold"
        $0.locale = "tr"
        $0.newlines = "lf"
      },
      description { $0.transliteration = "Any-Latin; Latin-ASCII" },
      description { $0.transliteration = "NFD; [:M:] Remove; NFC; Any-Upper" },
      description {
        $0.transliteration = "(.)(.) > $2 $1;"
        $0.kept = "[^ab]"
        $0.dropped = "[:Cc:]"
      },
    ])
  func laws(description: TextPreparationDescription) throws {
    let full = try Tokenizer(
      trainedOn: [UTF8Text("xy")], preparation: TextPreparation(description))
    let cut = try Self.tokenizer(full.preparation)
    var generator = SeededGenerator(state: 3)
    for sample in sampleTexts + (0..<300).map({ _ in hostileText(using: &generator) }) {
      let prepared = full.preparation.prepare(sample)
      let located = full.encodeWithOffsets(sample)
      #expect(located.tokens == full.encode(sample))
      #expect(located.ranges.count == prepared.characterCount)
      let inBytes = cut.encodeWithOffsets(sample)
      #expect(inBytes.tokens == cut.encode(sample))
      #expect(inBytes.ranges.count == prepared.bytes.count)
      let borders = Set([0] + CodePointSegmenter().units(of: sample).map(\.upperBound))
      expectOrder(located.ranges, in: sample) { borders.contains($0) }
      expectOrder(inBytes.ranges, in: sample) { 0...sample.bytes.count ~= $0 }
    }
  }

  private func expectOrder(
    _ ranges: [Range<Int>], in sample: UTF8Text, _ isAllowed: (Int) -> Bool
  ) {
    for (last, range) in zip([0..<0] + ranges, ranges) {
      if range.lowerBound < last.lowerBound || range.upperBound < last.upperBound
        || !isAllowed(range.lowerBound) || !isAllowed(range.upperBound)
      {
        Issue.record("\(last) before \(range) in \(sample.string.debugDescription)")
        return
      }
    }
  }
}

/// A short text of sequences that are hard to normalize, to segment or to write.
func hostileText(using generator: inout SeededGenerator) -> UTF8Text {
  let pieces = [
    "a", "B", "e\u{301}", "\u{301}", "\u{327}", "\u{323}\u{307}", "\0", "\r\n", "\r", "\n", " ",
    "\u{200D}", "👩\u{200D}👩", "🇫", "\u{FE0F}", "\u{1112}", "\u{1161}", "\u{11AB}", "\u{D55C}",
    "\u{FDFA}", "ß", "İ", "I\u{307}", "Ì", "Σ", "ﬃ", "\u{AD}", "\u{202E}", "\u{FEFF}",
    "\u{10FFFF}", "\u{E000}", "क्ष", "\u{0600}", "日", "ア\u{FF9E}", "Щ", "\u{344}", "\u{F73}",
  ]
  var string = ""
  for _ in 0...Int.random(in: 0..<12, using: &generator) {
    let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
    let times = generator.next() % 16 == 0 ? 40 : 1
    for _ in 0..<times { string.unicodeScalars.append(contentsOf: piece.unicodeScalars) }
    if generator.next() % 4 == 0, let scalar = Unicode.Scalar(UInt32(generator.next() % 0x110000)) {
      string.unicodeScalars.append(scalar)
    }
  }
  return UTF8Text(string)
}
