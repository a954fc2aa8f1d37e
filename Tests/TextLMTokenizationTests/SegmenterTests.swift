import Foundation
import Testing
import TextLMTestSupport
import TextLMTokenization

/// Lines, each with its newline: units of any length, to see that nothing counts on scalars.
struct LineSegmenter: Segmenter {
  static let name = "line"
  static let kind = UnitKind.sequence

  init(locale: String = "") {}

  func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void
  ) {
    forEachBatch(of: text, body) { start, ends in
      var index = start
      while index < text.count, !ends.isFull {
        index += 1
        if text[index - 1] == UInt8(ascii: "\n") || index == text.count { ends.append(index) }
      }
    }
  }
}

@Suite struct SegmenterTests {
  private static let registry = SegmenterRegistry(
    SegmenterRegistry.builtIn.segmenters + [LineSegmenter.self])

  @Test(arguments: registry.names)
  func lawsHoldForEverySegmenter(name: String) throws {
    let segmenter = try Self.registry.segmenter(named: name)
    #expect(type(of: segmenter).name == name)
    for sample in sampleTexts { checkSegmenterLaws(segmenter, on: sample) }
    var generator = SeededGenerator(state: 1)
    for _ in 0..<50 {
      var scalars = (0..<100).map { _ in allScalars[Int(generator.next() % 1_112_064)] }
      scalars[Int(generator.next() % 100)] = "\n"
      checkSegmenterLaws(segmenter, on: text(scalars))
    }
  }

  @Test(
    .enabled(
      if: !SharedFiles.declarations.isEmpty,
      "put the Universal Declaration of Human Rights under shared/data/udhr to run this"),
    arguments: registry.names)
  func lawsHoldOnDeclarations(name: String) throws {
    let segmenter = try Self.registry.segmenter(named: name)
    for file in SharedFiles.declarations {
      checkSegmenterLaws(segmenter, on: UTF8Text(try String(contentsOf: file, encoding: .utf8)))
    }
  }

  @Test func codePointsAreScalars() {
    for sample in sampleTexts + [text(allScalars)] {
      let units = CodePointSegmenter().units(of: sample)
      #expect(units.map(\.count) == sample.string.unicodeScalars.map(\.utf8.count))
    }
  }

  @Test func bytesAreBytes() {
    let units = ByteSegmenter().units(of: UTF8Text("aé"))
    #expect(units == [0..<1, 1..<2, 2..<3])
  }

  @Test func wordsFollowTheLocale() throws {
    func words(_ string: String, _ locale: String) throws -> [String] {
      let segmenter = try WordSegmenter(locale: locale)
      #expect(segmenter.locale == locale)
      let sample = UTF8Text(string)
      return segmenter.units(of: sample).map {
        String(decoding: sample.bytes[$0], as: UTF8.self)
      }
    }
    #expect(try words("Don't, you 3.5\n", "") == ["Don't", ",", " ", "you", " ", "3.5", "\n"])
    // Thai has no spaces; the words are ICU's dictionary's.
    #expect(try words("สวัสดีชาวโลก", "th") == ["สวัสดี", "ชาว", "โลก"])
    // CLDR: a colon is within a Finnish or Swedish word, and ends any other.
    #expect(try words("EU:n", "fi") == ["EU:n"])
    #expect(try words("EU:n", "en") == ["EU", ":", "n"])
    #expect(throws: TextError.unknownLocale("cuont")) { try WordSegmenter(locale: "cuont") }
    let registry = SegmenterRegistry.builtIn
    #expect(try registry.segmenter(named: "word", locale: "de-CH").locale == "de-CH")
    #expect(try registry.segmenter(named: "codepoint", locale: "de").locale.isEmpty)
  }

  @Test(arguments: [(257, [256, 1]), (256, [256]), (600, [256, 256, 88])])
  func longWordsAreCut(length: Int, expected: [Int]) throws {
    let word = UTF8Text(String(repeating: "é", count: length))
    #expect(try WordSegmenter().units(of: word).map { $0.count / 2 } == expected)
  }

  @Test func namesDifferAndUnknownOnesAreRefused() {
    let registry = SegmenterRegistry.builtIn
    #expect(Set(registry.names).count == registry.names.count)
    #expect(registry.names.first == "codepoint")
    let error = #expect(throws: TextError.self) { try registry.segmenter(named: "syllable") }
    #expect(error == .unknownSegmenter(name: "syllable", known: registry.names))
  }
}
