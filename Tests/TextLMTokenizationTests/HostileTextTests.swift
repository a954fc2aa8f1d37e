import Foundation
import Testing
import TextLMTokenization

/// Any text comes back whole, and bytes that are none are refused with their place.
@Suite struct HostileTextTests {
  /// A tokenizer that spells nearly everything in byte tokens.
  private static func tokenizer(
    _ unit: String, _ preparation: TextPreparation = TextPreparation(.none)
  ) throws -> Tokenizer {
    let segmenter = try SegmenterRegistry.builtIn.segmenter(named: unit)
    let units = ["a", " ", "\n", "日", "e\u{301}", "\r\n", "the", "\u{10FFFF}"].filter {
      segmenter.units(of: UTF8Text($0)).count == 1
    }
    return try Tokenizer(
      preparation: preparation, segmenter: segmenter,
      vocabulary: Vocabulary(
        VocabularyDescription(
          units: units, counts: units.map { _ in 1 }, hasByteFallback: true)))
  }

  @Test(arguments: SegmenterRegistry.builtIn.names)
  func everyScalarRoundTrips(unit: String) throws {
    let tokenizer = try Self.tokenizer(unit)
    #expect(tokenizer.vocabulary.hasByteFallback)
    var texts = [text(allScalars)]
    // Where a unit may have several scalars, each has to be met among strangers too.
    if ["grapheme", "word"].contains(unit) {
      texts.append(text(allScalars.flatMap { [$0, "\n"] }))
    }
    for all in texts {
      let tokens = tokenizer.encode(all)
      #expect(!tokens.contains(Vocabulary.unknown))
      #expect(UTF8Text(tokenizer.decode(tokens)) == all)
      let located = tokenizer.encodeWithOffsets(all)
      #expect(located.tokens == tokens)
      // Nothing is changed, so the ranges lie end to end.
      #expect(located.ranges.first?.lowerBound == 0)
      #expect(located.ranges.last?.upperBound == all.bytes.count)
      #expect(
        zip(located.ranges, located.ranges.dropFirst()).allSatisfy {
          $0.upperBound == $1.lowerBound
        })
    }
  }

  @Test(arguments: SegmenterRegistry.builtIn.names, [Normalizer.none, .nfc, .nfkcCasefold])
  func hostileStringsRoundTrip(unit: String, normalizer: Normalizer) throws {
    let tokenizer = try Self.tokenizer(unit, TextPreparation(normalizer))
    var generator = SeededGenerator(state: 11)
    for _ in 0..<5000 {
      let given = hostileText(using: &generator)
      let tokens = tokenizer.encode(given)
      guard UTF8Text(tokenizer.decode(tokens)) == normalizer.normalize(given) else {
        Issue.record("\(given.string.debugDescription) does not come back")
        return
      }
    }
  }

  @Test(
    arguments: SegmenterRegistry.builtIn.names,
    [
      ["\u{301}"], ["\u{301}", "\u{323}", "\u{327}"], ["\u{200D}"], ["👩", "\u{200D}"], ["\0"],
      ["\u{1112}"], ["\u{1161}"], ["\u{11A8}"], ["\u{1112}", "\u{1161}", "\u{11AB}"], ["🇫"],
      ["\u{0600}"], ["\u{FE0F}"], ["\u{FDFA}"], ["क", "्"], ["\r"], ["\r", "\n"], ["\u{202E}"],
      ["\u{E0061}"], ["İ"], ["Σ"], ["\u{344}"],
    ] as [[Unicode.Scalar]])
  func longRunsRoundTrip(unit: String, pieces: [Unicode.Scalar]) throws {
    let given = text(["e"] + (0..<10_000).flatMap { _ in pieces } + ["x"])
    for description in [
      TextPreparationDescription(), TextPreparationDescription(normalizer: "nfkc-casefold"),
      TextPreparationDescription(
        newlines: "lf", caseMapping: "lower", locale: "lt", dropped: "[x]"),
    ] {
      let tokenizer = try Self.tokenizer(unit, TextPreparation(description))
      let located = tokenizer.encodeWithOffsets(given)
      #expect(located.tokens == tokenizer.encode(given))
      #expect(
        UTF8Text(tokenizer.decode(located.tokens)) == tokenizer.preparation.prepare(given))
    }
  }

  @Test(arguments: SegmenterRegistry.builtIn.names)
  func canonicalFormsAreTwoTextsUnlessNormalized(unit: String) throws {
    let plain = try Self.tokenizer(unit)
    let composing = try Self.tokenizer(unit, TextPreparation(.nfc))
    var differing = 0
    for sample in sampleTexts {
      let (composed, decomposed) = (
        Normalizer.nfc.normalize(sample), Normalizer.nfd.normalize(sample)
      )
      #expect(composing.encode(composed) == composing.encode(decomposed))
      #expect((plain.encode(composed) == plain.encode(decomposed)) == (composed == decomposed))
      differing += composed == decomposed ? 0 : 1
    }
    #expect(differing >= 3)
  }

  /// Against the standard library, whose decoding replaces where the reader refuses.
  @Test func bytesThatAreNoUTF8AreRefusedWithTheirPlace() throws {
    let pieces: [[UInt8]] = [
      Array("a".utf8), Array("é".utf8), Array("日".utf8), Array("😀".utf8), [0], [0x0A],
      [0xC0, 0x80],
      [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF],
      [0x80], [0xE6, 0x97], [0xF0, 0x9F, 0x98],
    ]
    var generator = SeededGenerator(state: 5)
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<generator.next() % 8 {
        let isValid = generator.next() % 4 != 0
        bytes += pieces[Int(generator.next() % (isValid ? 6 : UInt64(pieces.count)))]
      }
      let lossy = Array(String(decoding: bytes, as: UTF8.self).utf8)
      let same = zip(bytes, lossy).prefix { $0 == $1 }.count
      let line = bytes[..<same].count { $0 == 0x0A } + 1
      expect(
        bytes, ReadingRules(encoding: .named("utf-8")), reads: lossy == bytes ? lossy : nil,
        orFailsAt: same, line: line)
    }
  }

  @Test func loneSurrogatesAreRefusedWithTheirPlace() throws {
    let pieces: [[UInt16]] = [
      [0x61], [0xE9], [0x65E5], [0xD83D, 0xDE00], [0], [0x0A], [0xD800], [0xDC00], [0xDBFF],
      [0xDFFF, 0xD800], [0xFFFF],
    ]
    var generator = SeededGenerator(state: 6)
    for _ in 0..<20_000 {
      var units: [UInt16] = []
      for _ in 0..<generator.next() % 8 {
        let isValid = generator.next() % 4 != 0
        units += pieces[Int(generator.next() % (isValid ? 6 : UInt64(pieces.count)))]
      }
      var lone: Int?
      var index = 0
      while index < units.count, lone == nil {
        let isPair =
          UTF16.isLeadSurrogate(units[index]) && index + 1 < units.count
          && UTF16.isTrailSurrogate(units[index + 1])
        if !isPair, units[index] & 0xF800 == 0xD800 { lone = index }
        index += isPair ? 2 : 1
      }
      expect(
        units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
        ReadingRules(encoding: .named("utf-16le")),
        reads: lone == nil ? Array(String(decoding: units, as: UTF16.self).utf8) : nil,
        orFailsAt: 2 * (lone ?? 0), line: units[..<(lone ?? 0)].count { $0 == 0x0A } + 1)
    }
  }

  private func expect(
    _ bytes: [UInt8], _ options: ReadingRules, reads expected: [UInt8]?, orFailsAt offset: Int,
    line: Int
  ) {
    var rest: [UInt8]? = bytes
    var reader = TextReader(options, source: "x") {
      defer { rest = nil }
      return rest ?? []
    }
    var read: [UInt8] = []
    do {
      while let passage = try reader.next() { read += passage.text.bytes }
      if read != expected { Issue.record("\(bytes) is read as \(read)") }
    } catch {
      guard expected == nil,
        case .invalidBytes(_, _, offset, line) = error as? TextError
      else {
        Issue.record("\(bytes): \(error)")
        return
      }
    }
  }

  @Test(
    .enabled(
      if: !SharedFiles.declarations.isEmpty,
      "put the Universal Declaration of Human Rights under shared/data/udhr to run this"),
    arguments: SegmenterRegistry.builtIn.names)
  func declarationsRoundTrip(unit: String) throws {
    for preparation in [
      TextPreparation(.nfc), try TextPreparation(TextPreparationDescription(caseMapping: "fold")),
    ] {
      let tokenizer = try Self.tokenizer(unit, preparation)
      for file in SharedFiles.declarations {
        let decoded = try TextDecoder().decode(
          Array(Data(contentsOf: file)), source: file.lastPathComponent)
        let located = tokenizer.encodeWithOffsets(decoded.text)
        #expect(
          UTF8Text(tokenizer.decode(located.tokens)) == preparation.prepare(decoded.text),
          "\(file.lastPathComponent)")
        #expect(located.tokens == tokenizer.encode(decoded.text))
      }
    }
  }
}
