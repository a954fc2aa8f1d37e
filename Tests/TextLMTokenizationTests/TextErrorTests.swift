import Testing
import TextLMTokenization

@Suite struct TextErrorTests {
  @Test(
    arguments: [
      (
        TextError.invalidBytes(
          source: "notes.txt", encoding: "UTF-8", byteOffset: 1234, line: 17),
        ["notes.txt", "not UTF-8", "1234", "line 17", "--encoding auto", "--invalid replace"]
      ),
      (
        .otherEncoding(source: "notes.txt", encoding: "UTF-16LE", hasByteOrderMark: true),
        ["notes.txt", "byte-order mark of UTF-16LE", "--encoding UTF-16LE"]
      ),
      (
        .otherEncoding(source: "notes.txt", encoding: "UTF-16BE", hasByteOrderMark: false),
        ["notes.txt", "looks like UTF-16BE without BOM", "--encoding UTF-16BE"]
      ),
      (.unknownByteOrder(source: "notes.txt", encoding: "UTF-16"), ["notes.txt", "UTF-16LE"]),
      (
        .undecidedEncoding(source: "notes.txt", candidates: ["big5 (30 of 100)", "gb18030"]),
        ["notes.txt", "big5 (30 of 100), gb18030", "--encoding"]
      ),
      (.unknownEncoding(name: "utf-9"), ["'utf-9'", "windows-1252"]),
      (
        .conversionFailed(encoding: "big5", status: "U_INVALID_TABLE_FORMAT"),
        ["big5", "U_INVALID_TABLE_FORMAT"]
      ),
      (
        .normalizationUnavailable(normalizer: "nfkc", status: "U_FILE_ACCESS_ERROR"),
        ["nfkc", "U_FILE_ACCESS_ERROR", "reinstall"]
      ),
      (.unknownNormalizer(name: "nfx", known: ["none", "nfc"]), ["'nfx'", "none, nfc"]),
      (.unknownCaseMapping(name: "upper", known: ["keep", "fold"]), ["'upper'", "keep, fold"]),
      (.unknownNewlineRule(name: "cr", known: ["keep", "lf"]), ["'cr'", "keep, lf"]),
      (.unknownLocale("klingonisch"), ["'klingonisch' is no locale", "zh-Hant"]),
      (
        .transliteration(rules: "a >", line: 2, offset: 3, status: "U_MISSING_OPERATOR"),
        ["'a >'", "line 2, character 3", "U_MISSING_OPERATOR", "Any-Latin"]
      ),
      (
        .transliteration(rules: "Any-X", line: nil, offset: nil, status: "U_INVALID_ID"),
        ["'Any-X': U_INVALID_ID", "ä > ae;"]
      ),
      (
        .scalarSet(option: "--keep", pattern: "[a", offset: 2, status: "U_MALFORMED_SET"),
        ["--keep", "character 3 of '[a' on", "U_MALFORMED_SET", "[:Latin:]"]
      ),
      (.scalarSetStrings(option: "--drop", pattern: "[{ch}]"), ["--drop '[{ch}]'", "braces"]),
      (
        .unicodeFailure(operation: "case mapping", status: "U_MEMORY_ALLOCATION_ERROR"),
        ["case mapping", "U_MEMORY_ALLOCATION_ERROR", "memory"]
      ),
      (.unknownSegmenter(name: "verse", known: ["codepoint"]), ["'verse'", "codepoint"]),
      (
        .vocabularyOption(name: "minimum count", value: 0, minimum: 1), ["minimum count is 0", "1"]
      ),
      (
        .segmentationUnavailable(unit: "word", status: "U_FILE_ACCESS_ERROR"),
        ["word", "U_FILE_ACCESS_ERROR", "reinstall"]
      ),
      (.coverage("1.5"), ["coverage is 1.5", "at most 1"]),
      (.byteTokensMissing(segmenter: "word"), ["no byte tokens", "word", "another copy"]),
      (.emptyVocabulary, ["no units", "text"]),
      (.tooManyTokens(units: 9, limit: 8), ["9 units", "8", "minimum count"]),
      (.emptyUnit(index: 7), ["unit 7", "another copy"]),
      (.duplicateUnit(firstIndex: 3, index: 9), ["units 3 and 9", "another copy"]),
      (
        .divisibleUnit(index: 5, segmenter: "codepoint", pieces: 2),
        ["unit 5", "2 pieces", "codepoint"]
      ),
      (.countsMismatch(units: 4, counts: 3), ["4 units", "3 counts"]),
      (.negativeCount(index: 1, count: -4), ["unit 1", "-4"]),
    ] as [(TextError, [String])])
  func messagesSayWhatWhereAndHowToGoOn(error: TextError, parts: [String]) {
    for part in parts { #expect("\(error)".contains(part), "\(error)") }
    #expect(!"\(error)".contains("\n"))
  }
}
