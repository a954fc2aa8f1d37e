import Foundation
import Testing
import TextLMTokenization

@Suite struct TokenizerTests {
  private static let training = UTF8Text("The quick brown fox jumps over the lazy dog.\nпривет é")

  private func tokenizer(
    _ normalizer: Normalizer = .nfc, minimumCount: Int = 1
  ) throws -> Tokenizer {
    try Tokenizer(
      trainedOn: [Self.training], preparation: TextPreparation(normalizer),
      rule: VocabularyRule(minimumCount: minimumCount))
  }

  @Test(arguments: Normalizer.allCases)
  func byteFallbackLosesNothing(normalizer: Normalizer) throws {
    let tokenizer = try tokenizer(normalizer, minimumCount: 2)
    #expect(tokenizer.vocabulary.hasByteFallback)
    for sample in sampleTexts + [text(allScalars)] {
      let normalized = normalizer.normalize(sample)
      let tokens = tokenizer.encode(sample)
      #expect(UTF8Text(tokenizer.decode(tokens)) == normalized)
      #expect(!tokens.contains(Vocabulary.unknown))
      #expect(tokens.allSatisfy { $0 > 1 && $0 < tokenizer.vocabulary.count })
    }
  }

  @Test func everyScalarOfAFullVocabularyComesBack() throws {
    let all = text(allScalars)
    let tokenizer = try Tokenizer(trainedOn: [all], preparation: TextPreparation(.none))
    let tokens = tokenizer.encode(all)
    // Every count is 1, so the numbers are those of the code points.
    #expect(tokens == (0..<1_112_064).map { TokenID($0 + 2) })
    #expect(UTF8Text(tokenizer.decode(tokens)) == all)
  }

  @Test func unseenCharactersAreOneUnknownEach() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.encode("日x") == [1, tokenizer.encode("x")[0]])
    #expect(tokenizer.decode(tokenizer.encode("a日😀b")) == "a\u{FFFD}\u{FFFD}b")
    #expect(tokenizer.unknownPenaltyNats == tokenizer.vocabulary.unknownPenaltyNats)
  }

  @Test func typedSpecialsAreText() throws {
    let tokenizer = try Tokenizer(trainedOn: [UTF8Text("<unk></s>")])
    let tokens = tokenizer.encode("<unk></s>")
    #expect(tokens.count == 9)
    #expect(tokens.allSatisfy { $0 > 1 })
  }

  @Test func textIsNormalizedFirst() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.encode("e\u{301}") == tokenizer.encode("\u{E9}"))
    #expect(tokenizer.encode("e\u{301}").count == 1)
    #expect(try self.tokenizer(.none).encode("e\u{301}").count == 2)
  }

  @Test func bytesAndStringsGiveTheSame() throws {
    let tokenizer = try tokenizer(minimumCount: 2)
    for sample in sampleTexts where sample.scalars.first != 0xFEFF {
      let fromBytes = try tokenizer.encode(bytes: sample.bytes, source: "x")
      #expect(fromBytes == tokenizer.encode(sample.string))
    }
    let marked = try tokenizer.encode(bytes: Array("\u{FEFF}fox".utf8), source: "x")
    #expect(marked == tokenizer.encode("fox"))
    #expect(throws: TextError.invalidBytes(source: "x", encoding: "UTF-8", byteOffset: 1, line: 1))
    {
      try tokenizer.encode(bytes: [0x61, 0xFF], source: "x")
    }
  }

  @Test func countsAreThoseOfTheTextAsGiven() throws {
    let tokenizer = try tokenizer()
    let (tokens, counts) = tokenizer.encodeCounting(UTF8Text("the e\u{301} 日本\n"))
    // "the ", e and its mark, a space, two unseen, a newline; 4 + 3 + 1 + 6 + 1 bytes.
    #expect(counts == TextCounts(characters: 10, bytes: 15, words: 3, unknown: 2))
    #expect(tokens.count == 9)
    #expect(tokens == tokenizer.encode("the e\u{301} 日本\n"))
  }

  @Test func descriptionsRoundTrip() throws {
    for minimumCount in [1, 2] {
      let tokenizer = try tokenizer(.nfkcCasefold, minimumCount: minimumCount)
      let description = tokenizer.description
      #expect(description.preparation.normalizer == "nfkc-casefold")
      #expect(description.unit == "codepoint")
      #expect(description.icuVersion == UnicodeTables.icuVersion)
      #expect(description.matchesInstalledTables)
      #expect(try Tokenizer(description) == tokenizer)
      var older = description
      older.unicodeVersion = "3.2"
      #expect(!older.matchesInstalledTables)
      #expect(try Tokenizer(older) == tokenizer)
    }
    #expect(try tokenizer(.nfc) != tokenizer(.none))
  }

  @Test func hostileDescriptionsAreRefused() throws {
    let good = try tokenizer().description
    var bad = good
    bad.preparation.normalizer = "nfc\u{301}"
    #expect(throws: TextError.self) { try Tokenizer(bad) }
    bad = good
    bad.unit = ""
    #expect(throws: TextError.self) { try Tokenizer(bad) }
    bad = good
    bad.vocabulary.units[3] = "ab"
    #expect(throws: TextError.divisibleUnit(index: 3, segmenter: "codepoint", pieces: 2)) {
      try Tokenizer(bad)
    }
    // One Character, two scalars.
    bad.vocabulary.units[3] = "\r\n"
    #expect(throws: TextError.divisibleUnit(index: 3, segmenter: "codepoint", pieces: 2)) {
      try Tokenizer(bad)
    }
  }

  @Test func unitsOfManyScalarsWorkToo() throws {
    let lines = UTF8Text("one\ntwo\none\nthree\n")
    let uncut = try Tokenizer(trainedOn: [lines], segmenter: LineSegmenter())
    // one, three, two by number; "so" is spelled in byte tokens, from 5 on.
    let spelled: [TokenID] = [4, 2, 120, 116, 15]
    #expect(uncut.encode("two\none\nso\n") == spelled)
    #expect(uncut.decode([2, 4]) == "one\ntwo\n")
    #expect(uncut.vocabulary.scalarCount == 0)
    let cut = try Tokenizer(
      trainedOn: [lines], segmenter: LineSegmenter(), rule: VocabularyRule(minimumCount: 2))
    #expect(cut.encode("one\né").count == 1 + 2)
    for sample in sampleTexts {
      #expect(UTF8Text(cut.decode(cut.encode(sample))) == Normalizer.nfc.normalize(sample))
    }
    let registry = SegmenterRegistry([LineSegmenter.self])
    #expect(try Tokenizer(cut.description, segmenters: registry) == cut)
  }

  @Test(
    .enabled(
      if: !SharedFiles.declarations.isEmpty,
      "put the Universal Declaration of Human Rights under shared/data/udhr to run this"))
  func declarationsInManyLanguagesRoundTrip() throws {
    for file in SharedFiles.declarations {
      let decoded = try TextDecoder().decode(
        Array(Data(contentsOf: file)), source: file.lastPathComponent)
      let normalized = Normalizer.nfc.normalize(decoded.text)
      let full = try Tokenizer(trainedOn: [decoded.text])
      let tokens = full.encode(decoded.text)
      #expect(!tokens.contains(Vocabulary.unknown))
      #expect(tokens.count == normalized.characterCount)
      #expect(UTF8Text(full.decode(tokens)) == normalized, "\(file.lastPathComponent)")
      let cut = try Tokenizer(trainedOn: [decoded.text], rule: VocabularyRule(maximumUnitCount: 10))
      #expect(UTF8Text(cut.decode(cut.encode(decoded.text))) == normalized)
    }
  }
}
