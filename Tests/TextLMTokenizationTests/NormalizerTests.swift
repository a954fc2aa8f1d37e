import Testing
import TextLMTokenization

@Suite struct NormalizerTests {
  @Test(
    arguments: [
      // A letter and its mark, and marks out of order.
      (Normalizer.nfc, "0065 0301", "00E9"), (.nfd, "00E9", "0065 0301"),
      (.nfc, "0071 0307 0323", "0071 0323 0307"), (.nfc, "212B", "00C5"),
      // Hangul is composed by rule; U+0958 is excluded from composition.
      (.nfc, "1112 1161 11AB", "D55C"), (.nfd, "D55C", "1112 1161 11AB"),
      (.nfc, "0958", "0915 093C"),
      (.nfc, "FB01", "FB01"), (.nfkc, "FB01", "0066 0069"), (.nfkc, "FF21", "0041"),
      (.nfkcCasefold, "0041 0301", "00E1"), (.nfkcCasefold, "1E9E", "0073 0073"),
      (.nfkcCasefold, "0061 00AD 200D 0062", "0061 0062"), (.nfkcCasefold, "0130", "0069 0307"),
      (.none, "0065 0301 FB01", "0065 0301 FB01"), (.nfc, "", ""),
      (.nfc, "0061 0000 0062", "0061 0000 0062"),
    ] as [(Normalizer, String, String)])
  func knownTexts(normalizer: Normalizer, given: String, expected: String) {
    #expect(normalizer.normalize(text(hex: given)) == text(hex: expected))
  }

  @Test(arguments: Normalizer.allCases)
  func twiceIsOnce(normalizer: Normalizer) throws {
    try normalizer.checkAvailable()
    for sample in sampleTexts + [text(allScalars)] {
      let once = normalizer.normalize(sample)
      #expect(normalizer.normalize(once) == once)
    }
  }

  @Test(arguments: [Normalizer.nfc, .nfd])
  func canonicalFormsAreTheSameString(normalizer: Normalizer) {
    // The standard library's equality is canonical equivalence, from tables of its own.
    for sample in sampleTexts { #expect(normalizer.normalize(sample).string == sample.string) }
  }

  /// Normalization in pieces must not show: the marks stand on every place around the cut.
  @Test(arguments: 0..<12)
  func piecesLeaveNoSeam(shift: Int) {
    let cluster = "e\u{301}\u{327}\u{1112}\u{1161}\u{11AB}"
    let composed = "\u{229}\u{301}\u{D55C}"
    let padding = String(repeating: "я", count: 16384 - 12 + shift)
    let given = String(repeating: padding + cluster, count: 3) + cluster
    let expected = String(repeating: padding + composed, count: 3) + composed
    #expect(Normalizer.nfc.normalize(UTF8Text(given)) == UTF8Text(expected))
  }

  /// Long stretches of marks in the worst order take another way through the code; the order is
  /// that of UAX #15.
  @Test(arguments: [Normalizer.nfc, .nfd, .nfkc, .nfkcCasefold], [65, 1000, 40_000])
  func longStretchesAreInCanonicalOrder(normalizer: Normalizer, count: Int) {
    // Combining classes 230, 220, 202, 10 and the decomposable U+0344 = U+0308 U+0301, both 230.
    let marks: [Unicode.Scalar] = ["\u{30D}", "\u{323}", "\u{321}", "\u{5B0}", "\u{344}"]
    var generator = SeededGenerator(state: UInt64(count))
    let given = (0..<count).map { _ in marks[Int(generator.next() % 5)] }
    let decomposed = given.flatMap { $0 == "\u{344}" ? ["\u{308}", "\u{301}"] : [$0] }
    var ordered: [Unicode.Scalar] = []
    for mark in ["\u{5B0}", "\u{321}", "\u{323}"] as [Unicode.Scalar] {
      ordered += decomposed.filter { $0 == mark }
    }
    ordered += decomposed.filter { ["\u{30D}", "\u{308}", "\u{301}"].contains($0) }
    // The letter q composes with no mark.
    let expected = text(["q"] + ordered + ["y"])
    #expect(normalizer.normalize(text(["q"] + given + ["y"])) == expected)
  }

  /// Sorting these by insertion would take 10^11 steps.
  @Test(
    arguments: [
      ["\u{301}", "\u{323}"], ["\u{344}", "\u{F73}", "\u{323}"], ["\u{301}", "\u{AD}", "\u{323}"],
      ["\u{200D}"],
      ["\u{1161}"], ["\u{11A8}"], ["\u{FF9E}", "\u{323}"], ["\u{FDFA}"],
    ] as [[Unicode.Scalar]])
  func aMegabyteOfMarksTakesLinearTime(marks: [Unicode.Scalar]) {
    let bytes = marks.reduce(0) { $0 + $1.utf8.count }
    let given = text(["e"] + (0..<(1 << 20) / bytes).flatMap { _ in marks })
    for normalizer in Normalizer.allCases {
      let elapsed = ContinuousClock().measure { _ = normalizer.normalize(given) }
      #expect(elapsed < .seconds(2), "\(normalizer)")
    }
  }

  @Test func aStretchBeyondTheLimitIsCutThere() {
    // The limit is 2^24 scalars; the mark of the lower class stands behind it and cannot move over.
    let above = String(repeating: "\u{30D}", count: (1 << 24) - 2)
    let given = UTF8Text("x\u{30D}" + above + "\u{323}")
    #expect(Normalizer.nfc.normalize(given) == given)
    let inside = Normalizer.nfc.normalize(UTF8Text("x" + above + "\u{323}"))
    #expect(inside.bytes.prefix(3) == UTF8Text("x\u{323}").bytes[...])
  }

  @Test func namesAreExact() throws {
    #expect(Normalizer.allCases.map(\.rawValue) == ["none", "nfc", "nfd", "nfkc", "nfkc-casefold"])
    for normalizer in Normalizer.allCases {
      #expect(try Normalizer(named: normalizer.rawValue) == normalizer)
    }
    let error = #expect(throws: TextError.self) { try Normalizer(named: "NFC") }
    #expect(error == .unknownNormalizer(name: "NFC", known: Normalizer.allCases.map(\.rawValue)))
  }

  @Test func versionsAreThoseOfALibrary() {
    for version in [UnicodeTables.icuVersion, UnicodeTables.unicodeVersion] {
      let numbers = version.split(separator: ".").map { Int($0) }
      #expect(numbers.count >= 2)
      #expect(!numbers.contains(nil))
    }
  }
}
