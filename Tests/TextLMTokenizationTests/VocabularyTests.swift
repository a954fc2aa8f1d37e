import Testing
import TextLMTokenization

@Suite struct VocabularyTests {
  private func counts(_ string: String) -> UnitCounts {
    var counts = UnitCounts()
    counts.add(UTF8Text(string), segmenter: CodePointSegmenter())
    return counts
  }

  private func strings(_ vocabulary: Vocabulary) -> [String] {
    vocabulary.description.units
  }

  @Test func numberedByFrequencyThenCodePoint() throws {
    let vocabulary = try Vocabulary(counts: counts("ddd\u{10348}\u{FF21}bbaac"))
    // In UTF-16 the surrogates of U+10348 would come before U+FF21.
    #expect(strings(vocabulary) == ["d", "a", "b", "c", "\u{FF21}", "\u{10348}"])
    #expect(vocabulary.counts == [3, 2, 2, 1, 1, 1])
    #expect(vocabulary.count == 8)
    #expect(vocabulary.kind(of: Vocabulary.boundary) == .boundary)
    #expect(vocabulary.kind(of: Vocabulary.unknown) == .unknown)
    #expect(vocabulary.kind(of: 2) == .unit(UTF8Text("d")))
    #expect(vocabulary.token(of: UTF8Text("\u{10348}")) == 7)
    #expect(vocabulary.token(of: UTF8Text("x")) == nil)
    #expect(vocabulary.token(of: UTF8Text("")) == nil)
  }

  @Test func canonicallyEquivalentUnitsStayApart() throws {
    // K and the Kelvin sign are one string to Swift.
    let vocabulary = try Vocabulary(counts: counts("K\u{212A}"))
    #expect(vocabulary.unitCount == 2)
    #expect(vocabulary.token(of: UTF8Text("K")) == 2)
    #expect(vocabulary.token(of: UTF8Text("\u{212A}")) == 3)
    #expect(try Vocabulary(vocabulary.description) == vocabulary)
    var swapped = vocabulary.description
    swapped.units.reverse()
    #expect(swapped != vocabulary.description)
    #expect(try Vocabulary(swapped) != vocabulary)
  }

  @Test(
    arguments: [
      // (minimum count, maximum, units kept, byte fallback)
      (1, nil, 4, false), (2, nil, 3, true), (3, nil, 1, true), (1, 4, 4, false), (1, 2, 2, true),
      (2, 10, 3, true),
    ] as [(Int, Int?, Int, Bool)])
  func cutsAddByteTokens(minimum: Int, maximum: Int?, kept: Int, isCut: Bool) throws {
    let vocabulary = try Vocabulary(
      counts: counts("aaabbccd"),
      rule: VocabularyRule(minimumCount: minimum, maximumUnitCount: maximum))
    #expect(strings(vocabulary) == Array(["a", "b", "c", "d"].prefix(kept)))
    #expect(vocabulary.hasByteFallback == isCut)
    #expect(vocabulary.count == 2 + kept + (isCut ? 256 : 0))
    if isCut {
      let bytes = (0..<256).map { vocabulary.kind(of: TokenID(2 + kept + $0)) }
      #expect(bytes == (0..<256).map { TokenKind.byte(UInt8($0)) })
    }
  }

  @Test(
    arguments: [
      // aaabbccd: 3, 2, 2 and 1 of 8; (coverage, minimum count, maximum, units kept)
      (1, 1, nil, 4), (0.875, 1, nil, 3), (0.876, 1, nil, 4), (0.375, 1, nil, 1), (0.01, 1, nil, 1),
      (0.99, 2, nil, 3), (0.99, 1, 2, 2),
    ] as [(Double, Int, Int?, Int)])
  func coverageKeepsTheMostFrequent(coverage: Double, minimum: Int, maximum: Int?, kept: Int) throws
  {
    let vocabulary = try Vocabulary(
      counts: counts("aaabbccd"),
      rule: VocabularyRule(minimumCount: minimum, maximumUnitCount: maximum, coverage: coverage))
    #expect(strings(vocabulary) == Array(["a", "b", "c", "d"].prefix(kept)))
    #expect(vocabulary.hasByteFallback == (kept < 4))
  }

  @Test func frozenVocabulariesStay() throws {
    let frozen = try Vocabulary(counts: counts("xyz"))
    let rule = VocabularyRule(minimumCount: 2, frozen: frozen)
    #expect(try Vocabulary(counts: counts("aab"), rule: rule) == frozen)
    let tokenizer = try Tokenizer(trainedOn: [UTF8Text("aab")], rule: rule)
    #expect(tokenizer.vocabulary == frozen)
    #expect(tokenizer.encode("az") == [1, 4])
  }

  @Test func bytesAreTheWholeVocabulary() throws {
    let tokenizer = try Tokenizer(trainedOn: [UTF8Text("é")], segmenter: ByteSegmenter())
    #expect(tokenizer.vocabulary.count == 258)
    #expect(tokenizer.vocabulary.unitCount == 0)
    // 2 behind 0x61, 0xC3 and 0xA9.
    let expected: [TokenID] = [99, 197, 171]
    #expect(tokenizer.encode("aé") == expected)
    #expect(tokenizer.vocabulary.unknownPenaltyNats == 0)
    #expect(try Tokenizer(tokenizer.description) == tokenizer)
  }

  @Test func sequencesAlwaysHaveByteTokens() throws {
    var description = try Tokenizer(
      trainedOn: [UTF8Text("e\u{301}x")], preparation: TextPreparation(.none),
      segmenter: GraphemeSegmenter()
    ).description
    let expected = VocabularyDescription(
      units: ["e\u{301}", "x"], counts: [1, 1], hasByteFallback: true)
    #expect(description.vocabulary == expected)
    description.vocabulary.hasByteFallback = false
    #expect(throws: TextError.byteTokensMissing(segmenter: "grapheme")) {
      try Tokenizer(description)
    }
  }

  @Test func wishesThatMakeNoSenseAreRefused() {
    let some = counts("ab")
    #expect(throws: TextError.vocabularyOption(name: "minimum count", value: 0, minimum: 1)) {
      try Vocabulary(counts: some, rule: VocabularyRule(minimumCount: 0))
    }
    #expect(throws: TextError.vocabularyOption(name: "maximum vocabulary", value: 0, minimum: 1)) {
      try Vocabulary(counts: some, rule: VocabularyRule(maximumUnitCount: 0))
    }
    #expect(throws: TextError.emptyVocabulary) { try Vocabulary(counts: UnitCounts()) }
    #expect(throws: TextError.emptyVocabulary) {
      try Vocabulary(counts: some, rule: VocabularyRule(minimumCount: 2))
    }
    for coverage in [0, -1, 1.5, Double.nan] {
      #expect(throws: TextError.coverage("\(coverage)")) {
        try Vocabulary(counts: some, rule: VocabularyRule(coverage: coverage))
      }
    }
  }

  @Test func everyScalarHasItsNumber() throws {
    let vocabulary = try Vocabulary(
      VocabularyDescription(
        units: allScalars.map { String($0) }, counts: Array(repeating: 1, count: 1_112_064),
        hasByteFallback: false))
    #expect(vocabulary.scalarCount == 1_112_064)
    #expect(vocabulary.unknownPenaltyNats == 0)
    var wrong = 0
    for (index, scalar) in allScalars.enumerated() {
      let unit = UTF8Text(String(scalar))
      let token = TokenID(index + 2)
      if vocabulary.token(of: unit) != token || vocabulary.kind(of: token) != .unit(unit) {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  /// More than 2^16 units, where 16-bit numbers would wrap.
  @Test(arguments: [65_533, 65_534, 65_535, 65_536])
  func numbersAreBeyond16Bits(unitCount: Int) throws {
    let description = VocabularyDescription(
      units: allScalars.prefix(unitCount).map { String($0) },
      counts: Array(repeating: 1, count: unitCount), hasByteFallback: true)
    let vocabulary = try Vocabulary(description)
    #expect(vocabulary.description == description)
    #expect(vocabulary.kind(of: TokenID(unitCount + 2 + 255)) == .byte(255))
  }

  @Test(arguments: [
    (["a", "b", "a"], [1, 1, 1], TextError.duplicateUnit(firstIndex: 0, index: 2)),
    (["ab", "ab"], [1, 1], .duplicateUnit(firstIndex: 0, index: 1)),
    (["a", ""], [1, 1], .emptyUnit(index: 1)), ([], [], .emptyVocabulary),
    (["a"], [], .countsMismatch(units: 1, counts: 0)),
    (["a", "b"], [1, -1], .negativeCount(index: 1, count: -1)),
  ])
  func hostileDescriptionsAreRefused(units: [String], counts: [Int], expected: TextError) {
    let description = VocabularyDescription(units: units, counts: counts, hasByteFallback: false)
    #expect(throws: expected) { try Vocabulary(description) }
  }

  @Test func tokensAreAtMostAsManyAsNumbers() {
    let limit = Int(Int32.max)
    #expect(throws: Never.self) {
      try Vocabulary.checkTokenCount(unitCount: limit - 2, hasByteFallback: false)
      try Vocabulary.checkTokenCount(unitCount: limit - 258, hasByteFallback: true)
    }
    #expect(throws: TextError.tooManyTokens(units: limit - 1, limit: limit - 2)) {
      try Vocabulary.checkTokenCount(unitCount: limit - 1, hasByteFallback: false)
    }
    #expect(throws: TextError.tooManyTokens(units: Int.max, limit: limit - 258)) {
      try Vocabulary.checkTokenCount(unitCount: Int.max, hasByteFallback: true)
    }
  }

  @Test func unknownPenaltyIsAUniformChoice() throws {
    // math.log(1112064 - 2) in Python.
    let vocabulary = try Vocabulary(counts: counts("ab"))
    #expect(abs(vocabulary.unknownPenaltyNats - 13.921_726_507_634_073) < 1e-9)
    let cut = try Vocabulary(counts: counts("aab"), rule: VocabularyRule(minimumCount: 2))
    #expect(cut.unknownPenaltyNats == 0)
  }
}
