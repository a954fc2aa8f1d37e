import Testing
import TextLMTokenization

/// The own path for grapheme clusters against ICU's iterator, which it is to equal.
@Suite struct GraphemeTests {
  private let segmenter: GraphemeSegmenter
  /// One scalar, at least, of every kind that a rule speaks of.
  private let kinds: [Unicode.Scalar] = [
    "a", "\r", "\n", "\u{1}", "\u{85}", "\u{301}", "\u{200D}", "\u{200C}", "\u{903}",
    "\u{600}", "\u{110BD}", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}", "\u{AC01}",
    "\u{1F1E6}", "\u{2701}", "\u{1F469}", "\u{1F3FB}", "\u{915}", "\u{94D}", "\u{937}",
    "\u{E33}", "\u{D55C}", "\u{E9}", "\u{200B}", "\u{E0001}", "\u{FFFF}", "\u{10FFFF}",
  ]

  init() throws {
    segmenter = try GraphemeSegmenter()
  }

  /// ICU's clusters, as ends.
  private func breaks(_ text: UTF8Text) throws -> [Int] {
    let breaker = try ICUBreaker(.characters, unit: "grapheme")
    return text.bytes.withUnsafeBufferPointer { bytes in
      breaker.setText(bytes)
      return [Int](capacity: max(1, bytes.count)) { ends in breaker.appendEnds(to: &ends) }
    }
  }

  private func ends(_ text: UTF8Text) -> [Int] {
    segmenter.units(of: text).map(\.upperBound)
  }

  @Test func allShortSequencesOfAllKinds() throws {
    for first in kinds {
      for second in kinds {
        // All triples of kinds, each behind a newline, so that one look at ICU is enough.
        let sample = text(
          kinds.flatMap { third -> [Unicode.Scalar] in
            [first, second, third, "\n", second, third, first, third, "\n"]
          })
        let expected = try breaks(sample)
        #expect(ends(sample) == expected, "\(first.value) \(second.value)")
      }
    }
  }

  @Test func everyScalarBetweenOthers() throws {
    let sample = text(
      allScalars.flatMap { scalar -> [Unicode.Scalar] in
        ["x", scalar, "y", "\u{301}", scalar, "\u{200D}", scalar]
      })
    let (own, icu) = (ends(sample), try breaks(sample))
    #expect(own.count == icu.count)
    let different = zip(own, icu).first { $0 != $1 }
    #expect(different == nil)
  }

  @Test func randomSequences() throws {
    var generator = SeededGenerator(state: 7)
    for _ in 0..<2000 {
      let sample = text((0..<40).map { _ in kinds[Int(generator.next() % UInt64(kinds.count))] })
      let expected = try breaks(sample)
      #expect(ends(sample) == expected)
    }
  }

  @Test func anyPlaceInASCII() throws {
    for place in 0..<40 {
      for scalar in kinds {
        var scalars = (0..<40).map { Unicode.Scalar(UInt8(65 + $0)) }
        scalars[place] = scalar
        let sample = text(scalars)
        let expected = try breaks(sample)
        #expect(ends(sample) == expected)
      }
    }
  }

  @Test func goingOnFromAnyEndGivesTheRest() {
    var generator = SeededGenerator(state: 3)
    for _ in 0..<50 {
      let sample = text((0..<100).map { _ in kinds[Int(generator.next() % UInt64(kinds.count))] })
      let ends = ends(sample)
      for (index, end) in ends.enumerated() {
        let rest = UTF8Text(String(decoding: sample.bytes[end...], as: UTF8.self))
        let expected = ends[(index + 1)...].map { $0 - end }
        #expect(self.ends(rest) == expected)
      }
    }
  }

  /// The start of what is one cluster to ICU, and what is repeated behind it.
  private static let endless: [([Unicode.Scalar], [Unicode.Scalar])] = [
    (["e"], ["\u{301}"]), (["\u{1F469}"], ["\u{200D}", "\u{1F469}"]), ([], ["\u{1100}"]),
    (["\u{600}"], ["\u{600}"]), ([], ["\u{301}"]),
  ]

  @Test(arguments: endless)
  func longClustersAreCut(start: [Unicode.Scalar], repeated: [Unicode.Scalar]) throws {
    var scalars = start
    for _ in 0..<10_000 { scalars += repeated }
    let sample = text(scalars)
    let units = segmenter.units(of: sample)
    let lengths = units.map { sample.bytes[$0].count { $0 & 0xC0 != 0x80 } }
    #expect(lengths.allSatisfy { $0 <= GraphemeSegmenter.longestUnit })
    #expect(lengths.first == GraphemeSegmenter.longestUnit)
    #expect(lengths.reduce(0, +) == scalars.count)
  }
}

/// Unicode's own break tests, in the version of the installed files.
@Suite(
  .enabled(
    if: UnicodeTestFile.isInstalled,
    "install Debian's package unicode-data to run Unicode's break tests"))
struct BreakConformanceTests {
  private func pieces(_ text: UTF8Text, _ ends: [Int]) -> [[UInt32]] {
    var start = 0
    return ends.map { end in
      defer { start = end }
      return UTF8Text(String(decoding: text.bytes[start..<end], as: UTF8.self)).scalars
    }
  }

  /// The cases that ICU breaks in another way.
  private func misses(_ file: String, _ kind: ICUBreaker.Kind) throws -> [[UInt32]] {
    let cases = try UnicodeTestFile.cases(file)
    let breaker = try ICUBreaker(kind, unit: file)
    return cases.filter { test in
      let ends = test.text.bytes.withUnsafeBufferPointer { bytes in
        breaker.setText(bytes)
        return [Int](capacity: bytes.count) { ends in breaker.appendEnds(to: &ends) }
      }
      return pieces(test.text, ends) != test.pieces
    }.map(\.text.scalars)
  }

  @Test func graphemes() throws {
    let segmenter = try GraphemeSegmenter()
    let cases = try UnicodeTestFile.cases("GraphemeBreakTest")
    #expect(cases.count >= 602)
    for test in cases {
      let ends = segmenter.units(of: test.text).map(\.upperBound)
      #expect(pieces(test.text, ends) == test.pieces)
    }
  }

  @Test func sentences() throws {
    #expect(try UnicodeTestFile.cases("SentenceBreakTest").count >= 502)
    #expect(try misses("SentenceBreakTest", .sentences).isEmpty)
  }

  /// Where CLDR's rules for words differ from Unicode's: a colon between letters ends a word, but in
  /// Finnish and Swedish.
  private static let tailored = [
    "0061 003A 0041", "0061 003A 0308 0041", "0061 003A 05D0", "0061 003A 0308 05D0",
    "0061 003A 0061 2060", "0061 003A 0308 0061 2060", "0061 003A 0061 003A",
    "0061 003A 0308 0061 003A", "0061 003A 0061 0027", "0061 003A 0308 0061 0027",
    "0061 003A 0061 0027 2060", "0061 003A 0308 0061 0027 2060", "0061 003A 0061 002C",
    "0061 003A 0308 0061 002C", "0041 003A 0041",
  ]

  @Test func words() throws {
    #expect(try UnicodeTestFile.cases("WordBreakTest").count >= 1823)
    let known = Set(Self.tailored.map { text(hex: $0).scalars })
    for miss in try misses("WordBreakTest", .words) {
      #expect(known.contains(miss), "not a known tailoring of CLDR")
    }
  }
}
