import Testing
import TextLMTokenization

@Suite struct TextPreparationTests {
  private static let none = TextPreparationDescription(normalizer: "none")

  private static func description(
    _ change: (inout TextPreparationDescription) -> Void
  ) -> TextPreparationDescription {
    var description = none
    change(&description)
    return description
  }

  @Test(
    arguments: [
      (none, "A\r\nB", "A\r\nB"),
      (description { $0.newlines = "lf" }, "A\r\nB\rC\n\r\r\nD\r", "A\nB\rC\n\nD\r"),
      (description { $0.caseMapping = "lower" }, "ΟΔΟΣ İ IJ", "οδος i\u{307} ij"),
      (description { $0.caseMapping = "fold" }, "ΟΔΟΣ ς ẞß", "οδοσ σ ssss"),
      (
        description {
          $0.caseMapping = "lower"
          $0.locale = "tr"
        }, "I\u{307}Iİ", "iıi"
      ),
      (
        description {
          $0.caseMapping = "fold"
          $0.locale = "az"
        }, "Iİ", "ıi"
      ),
      (
        description {
          $0.caseMapping = "lower"
          $0.locale = "lt"
        }, "I\u{300}Ì", "i\u{307}\u{300}i\u{307}\u{300}"
      ),
      (
        description { $0.transliteration = "Any-Latin; Latin-ASCII" }, "Привет, Łódź\nλόγος",
        "Privet, Lodz\nlogos"
      ),
      (description { $0.transliteration = "ä > ae; (.)̃ > $1 '-' $1;" }, "äñ n\u{303}", "aeñ n-n"),
      // A line feed is not seen from the next line.
      (description { $0.transliteration = "\\n{a > b;" }, "a\na", "a\na"),
      // A surrogate by itself.
      (description { $0.transliteration = "x > \\uD800;" }, "axb", "a\u{FFFD}b"),
      (description { $0.kept = "[[:Latin:][:Z:]]" }, "año 日本 x!\n", "año  x"),
      (description { $0.dropped = "[aeiou]" }, "education\u{10FFFF}", "dctn\u{10FFFF}"),
      (
        description {
          $0.kept = "[a-z]"
          $0.dropped = "[m-p]"
        }, "Among the", "gthe"
      ),
    ] as [(TextPreparationDescription, String, String)])
  func knownTexts(
    description: TextPreparationDescription, given: String, expected: String
  ) throws {
    let preparation = try TextPreparation(description)
    #expect(preparation.prepare(UTF8Text(given)) == UTF8Text(expected))
    #expect(preparation.description == description)
    #expect(try TextPreparation(preparation.description) == preparation)
    #expect(preparation.prepare(UTF8Text("")) == UTF8Text(""))
  }

  @Test func normalizesBeforeAndAfter() throws {
    // The two scalars of é are one before the set is asked; what dropping brings together composes.
    let before = TextPreparationDescription(dropped: "[\\u0301]")
    #expect(try TextPreparation(before).prepare(UTF8Text("e\u{301}")) == UTF8Text("\u{E9}"))
    let after = TextPreparationDescription(dropped: "[-]")
    #expect(try TextPreparation(after).prepare(UTF8Text("e-\u{301}")) == UTF8Text("\u{E9}"))
    let lowered = TextPreparationDescription(normalizer: "nfd", caseMapping: "lower")
    #expect(try TextPreparation(lowered).prepare(UTF8Text("É")) == UTF8Text("e\u{301}"))
  }

  @Test(arguments: ["x > x x;", "x > |xx;", "(.) > $1 $1 $1 $1;", "Any-Name; Any-Name; Any-Name"])
  func rulesThatNeverStopGrowingAreNotFollowed(rules: String) throws {
    let preparation = try TextPreparation(
      TextPreparationDescription(normalizer: "none", transliteration: rules))
    let given = UTF8Text(String(repeating: "x", count: 5000) + "\ny\n")
    // The time is bounded, and a line is either followed through or left alone.
    let prepared = preparation.prepare(given)
    #expect(prepared.bytes.count <= 128 * given.bytes.count + 4096)
  }

  @Test(
    arguments: [
      (description { $0.normalizer = "NFC" }, "NFC"),
      (description { $0.newlines = "crlf" }, "'crlf'; there are: keep, lf"),
      (description { $0.caseMapping = "upper" }, "'upper'; there are: keep, fold, lower"),
      (description { $0.locale = "turkish" }, "'turkish' is no locale"),
      (description { $0.locale = "tr_\u{0}" }, "is no locale"),
      (description { $0.transliteration = "Any-Nowhere" }, "U_INVALID_ID"),
      (description { $0.transliteration = "a > b;\n[ > c;" }, "cannot transliterate"),
      (description { $0.transliteration = "" }, "cannot transliterate"),
      (
        description { $0.kept = "[a-z" },
        "keep cannot be read as a set of characters from character 5"
      ),
      (
        description { $0.dropped = "[日本" },
        "drop cannot be read as a set of characters from character 4"
      ),
      (description { $0.kept = "abc" }, "from character 1"),
      (description { $0.kept = " é]" }, "from character 2 of ' é]'"),
      (description { $0.kept = "[a]b" }, "from character 4"),
      (description { $0.kept = "[[:Foo:]]" }, "U_ILLEGAL_ARGUMENT_ERROR"),
      (description { $0.kept = "[a{ch}]" }, "sequences"),
      (description { $0.kept = "" }, "from character 1"),
      (description { $0.kept = String(repeating: "[", count: 100_000) }, "cannot be read"),
    ] as [(TextPreparationDescription, String)])
  func badWishesAreRefused(description: TextPreparationDescription, part: String) throws {
    let error = #expect(throws: TextError.self) { try TextPreparation(description) }
    #expect("\(try #require(error))".contains(part), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func descriptionsAreComparedByScalars() {
    var other = Self.none
    other.kept = "[\u{E9}]"
    var same = Self.none
    same.kept = "[e\u{301}]"
    #expect(other != same)
    #expect(TextPreparation(.nfc) != TextPreparation(.nfd))
  }
}
