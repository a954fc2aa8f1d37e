import Testing
import TextLMTokenization

/// Reads bytes in chunks of a size.
struct Reading {
  var texts: [String] = []
  var startsDocument: [Bool] = []
  var maps: [SourceMap] = []
  var reader: TextReader

  /// All passages; `chunk` bytes come at a time.
  init(
    _ bytes: [UInt8], _ options: ReadingRules = ReadingRules(), chunk: Int = 1 << 16
  ) throws {
    var rest = bytes[...]
    reader = TextReader(options, source: "x", tracksOffsets: true) {
      defer { rest = rest.dropFirst(chunk) }
      return Array(rest.prefix(chunk))
    }
    while let passage = try reader.next() {
      texts.append(passage.text.string)
      startsDocument.append(passage.startsDocument)
      maps.append(try #require(passage.sourceMap))
    }
  }

  /// The documents, whose passages are joined.
  var documents: [String] {
    var documents: [String] = []
    for (text, starts) in zip(texts, startsDocument) {
      if starts { documents.append(text) } else { documents[documents.count - 1] += text }
    }
    return documents
  }

  var text: String { texts.joined() }

  func equals(_ other: Reading) -> Bool {
    texts.count == other.texts.count && startsDocument == other.startsDocument
      && maps == other.maps
      && zip(texts, other.texts).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }
}

extension String {
  /// The bytes of a text in UTF-16 or UTF-32.
  func encoded(_ encoding: String) -> [UInt8] {
    let isBig = encoding.hasSuffix("BE")
    func bytes(_ unit: UInt32, _ count: Int) -> [UInt8] {
      let little = (0..<count).map { UInt8(unit >> UInt32(8 * $0) & 0xFF) }
      return isBig ? little.reversed() : little
    }
    return encoding.hasPrefix("UTF-16")
      ? utf16.flatMap { bytes(UInt32($0), 2) } : unicodeScalars.flatMap { bytes($0.value, 4) }
  }
}

@Suite struct TextReaderTests {
  private static let mixed = "aé\r\n日本\u{1F600}\r\r\n\0x\n\nb\u{301}\u{FEFF}\u{10FFFF}\r"

  private static let encodings = ["UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"]

  private func error(_ bytes: [UInt8], _ options: ReadingRules) -> TextError? {
    #expect(throws: TextError.self) { _ = try Reading(bytes, options) }
  }

  @Test(arguments: [NewlineRule.keep, .lf], [1, 2, 3, 5, 64])
  func chunksMakeNoDifference(newlines: NewlineRule, chunk: Int) throws {
    for rule in [DocumentRule.file, .line, .blankLine, .delimiter("\n\0x")] {
      var options = ReadingRules(newlines: newlines, documents: rule)
      let whole = try Reading(Array(Self.mixed.utf8), options)
      #expect(try Reading(Array(Self.mixed.utf8), options, chunk: chunk).equals(whole))
      for encoding in Self.encodings {
        options.encoding = .named(encoding)
        let other = try Reading(Self.mixed.encoded(encoding), options, chunk: chunk)
        #expect(other.texts == whole.texts && other.startsDocument == whole.startsDocument)
      }
    }
  }

  @Test func everyEncodingOfAMarkIsRead() throws {
    for encoding in Self.encodings {
      let marked = ("\u{FEFF}" + Self.mixed).encoded(encoding)
      for option in [TextEncoding.standard, .automatic, .named(String(encoding.prefix(6)))] {
        let reading = try Reading(marked, ReadingRules(encoding: option))
        #expect(reading.text.utf8.elementsEqual(Self.mixed.utf8))
        #expect(reading.reader.encoding == encoding)
        #expect(reading.reader.hadByteOrderMark)
      }
    }
    let marked = try Reading(Array(("\u{FEFF}" + Self.mixed).utf8))
    #expect(marked.text.utf8.elementsEqual(Self.mixed.utf8) && marked.reader.hadByteOrderMark)
  }

  @Test func unmarkedOrderOfBytes() throws {
    let text = "Plain text, with hardly anything else in it.\n"
    for encoding in Self.encodings {
      let bytes = text.encoded(encoding)
      #expect(
        error(bytes, ReadingRules())
          == .otherEncoding(source: "x", encoding: encoding, hasByteOrderMark: false))
      for option in [TextEncoding.automatic, .named(String(encoding.prefix(6)).lowercased())] {
        #expect(try Reading(bytes, ReadingRules(encoding: option)).text == text)
      }
      // What is asked for by its name is done: all bytes are valid UTF-8.
      let plain = try Reading(bytes, ReadingRules(encoding: .named("utf-8")))
      #expect(plain.text.unicodeScalars.count == bytes.count)
    }
    #expect(
      error("日本語".encoded("UTF-16LE"), ReadingRules(encoding: .named("utf-16")))
        == .unknownByteOrder(source: "x", encoding: "UTF-16"))
  }

  @Test func marksThatContradictTheName() {
    for name in ["utf-8", "UTF-16BE", "utf-32", "windows-1252"] {
      #expect(
        error([0xFF, 0xFE, 0x61, 0], ReadingRules(encoding: .named(name)))
          == .otherEncoding(source: "x", encoding: "UTF-16LE", hasByteOrderMark: true))
    }
  }

  /// The bytes are what iconv makes of the texts.
  @Test(
    arguments: [
      ("windows-1252", "dé\u{20AC}", [0x64, 0xE9, 0x80]), ("latin1", "é", [0xE9]),
      ("koi8-r", "Привет", [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4]),
      ("shift_jis", "日本a", [0x93, 0xFA, 0x96, 0x7B, 0x61]),
      ("gb18030", "中\u{1F600}", [0xD6, 0xD0, 0x94, 0x39, 0xFC, 0x36]),
      (
        "iso-2022-jp", "a日本b",
        [0x61, 0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42, 0x62]
      ),
      ("UTF8", "é", [0xC3, 0xA9]),
    ] as [(String, String, [UInt8])])
  func namedEncodings(name: String, text: String, bytes: [UInt8]) throws {
    for chunk in [1, 2, 100] {
      let reading = try Reading(bytes, ReadingRules(encoding: .named(name)), chunk: chunk)
      #expect(reading.text == text)
    }
  }

  @Test(arguments: ["", "latin-none", "no\0name"])
  func unknownNames(name: String) {
    #expect(
      error([0x61], ReadingRules(encoding: .named(name))) == .unknownEncoding(name: name))
  }

  @Test func wrongBytesAreRefusedReplacedOrSkipped() throws {
    struct Case {
      var encoding: TextEncoding
      var bytes: [UInt8]
      var offset: Int
      var replaced: String
      var count: Int
    }
    let cases = [
      Case(
        encoding: .standard, bytes: Array("a\nb".utf8) + [0xFF, 0x63, 0xE2, 0x82], offset: 3,
        replaced: "a\nb\u{FFFD}c\u{FFFD}", count: 2),
      // Overlong, and a surrogate: every byte is a piece of its own.
      Case(
        encoding: .named("utf-8"), bytes: [0x0A, 0xC0, 0x80, 0xED, 0xA0, 0x80], offset: 1,
        replaced: "\n" + String(repeating: "\u{FFFD}", count: 5), count: 5),
      // Lone surrogates, in front of a pair, of text and of the end.
      Case(
        encoding: .named("UTF-16LE"),
        bytes: [0x0A, 0, 0x3D, 0xD8, 0x3D, 0xD8, 0, 0xDE, 0, 0xDC, 0x61, 0, 0x3D, 0xD8],
        offset: 2, replaced: "\n\u{FFFD}\u{1F600}\u{FFFD}a\u{FFFD}", count: 3),
      Case(
        encoding: .named("UTF-32BE"), bytes: [0, 0, 0, 0x0A, 0, 0x11, 0, 0, 0, 0, 0, 0x61],
        offset: 4, replaced: "\n\u{FFFD}a", count: 1),
      Case(
        encoding: .named("shift_jis"), bytes: [0x0A, 0x93, 0xFA, 0xFF, 0x61], offset: 3,
        replaced: "\n日\u{FFFD}a", count: 1),
    ]
    for wrong in cases {
      for chunk in [1, 2, 3, 100] {
        var options = ReadingRules(encoding: wrong.encoding)
        #expect(throws: TextError.self) { _ = try Reading(wrong.bytes, options, chunk: chunk) }
        guard case .invalidBytes("x", _, wrong.offset, 2)? = error(wrong.bytes, options) else {
          Issue.record("\(wrong)")
          continue
        }
        options.invalidBytes = .replace
        let replaced = try Reading(wrong.bytes, options, chunk: chunk)
        #expect(replaced.text == wrong.replaced)
        #expect(replaced.reader.invalidCount == wrong.count)
        options.invalidBytes = .skip
        let skipped = try Reading(wrong.bytes, options, chunk: chunk)
        #expect(skipped.text == wrong.replaced.filter { $0 != "\u{FFFD}" })
        #expect(skipped.reader.invalidCount == wrong.count)
      }
    }
  }

  /// Swift's own decoder replaces by the same definition.
  @Test func replacementsOfHostileBytesAgainstTheStandardLibrary() throws {
    let edges: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0,
      0xF4, 0xF5,
    ]
    var sequences: [[UInt8]] = []
    for first in UInt8.min...255 {
      for second in UInt8.min...255 { sequences.append([first, second]) }
    }
    for first in edges {
      for second in edges {
        for third in edges {
          for fourth in edges { sequences.append([first, second, third, fourth]) }
        }
      }
    }
    let options = ReadingRules(encoding: .named("utf-8"), invalidBytes: .replace)
    var bytes: [UInt8] = [0x61]
    for sequence in sequences { bytes += sequence + [0x62] }
    let expected = Array(String(decoding: bytes, as: UTF8.self).utf8)
    for chunk in [4099, 1 << 20] {
      let reading = try Reading(bytes, options, chunk: chunk)
      #expect(Array(reading.text.utf8) == expected)
    }
  }

  @Test(arguments: [NewlineRule.keep, .lf])
  func everyScalarKnowsItsBytes(newlines: NewlineRule) throws {
    for encoding in Self.encodings + ["UTF-8"] {
      let bytes = encoding == "UTF-8" ? Array(Self.mixed.utf8) : Self.mixed.encoded(encoding)
      let options = ReadingRules(
        encoding: .named(encoding), newlines: newlines, documents: .blankLine)
      let reading = try Reading(bytes, options, chunk: 7)
      #expect(reading.documents.count == 2)
      for (text, map) in zip(reading.texts, reading.maps) {
        var place = 0
        for scalar in text.unicodeScalars {
          let range = map.sourceRange(of: place..<place + String(scalar).utf8.count)
          place += String(scalar).utf8.count
          // By itself it would be a byte-order mark.
          if scalar == "\u{FEFF}" { continue }
          let source = try Reading(
            Array(bytes[range]), ReadingRules(encoding: .named(encoding), newlines: newlines))
          #expect(source.text.unicodeScalars.elementsEqual([scalar]), "\(encoding) \(range)")
        }
        let whole = map.sourceRange(of: 0..<place)
        let source = try Reading(
          Array(bytes[whole]), ReadingRules(encoding: .named(encoding), newlines: newlines))
        #expect(source.text.utf8.elementsEqual(text.utf8))
      }
    }
  }

  @Test func lineEndsAreThoseOfThePreparation() throws {
    let text = "a\r\r\nb\r\rc\n\r\r"
    let expected = NewlineRule.lf.apply(to: UTF8Text(text))
    for chunk in [1, 2, 3, 100] {
      let reading = try Reading(Array(text.utf8), ReadingRules(newlines: .lf), chunk: chunk)
      #expect(Array(reading.text.utf8) == expected.bytes)
      #expect(reading.maps.first?.sourceRange(of: 1..<2) == 1..<4)
      #expect(reading.maps.first?.sourceRange(of: 4..<5) == 6..<7)
    }
  }

  @Test func rangesCoverWhatWasReplacedAndWhatWasJoined() throws {
    let options = ReadingRules(invalidBytes: .replace, newlines: .lf)
    let reading = try Reading(Array("a\r\nb".utf8) + [0xE2, 0x82, 0x63], options)
    #expect(reading.text == "a\nb\u{FFFD}c")
    let map = try #require(reading.maps.first)
    #expect(map.sourceRange(of: 1..<2) == 1..<3)
    #expect(map.sourceRange(of: 3..<6) == 4..<6)
    #expect(map.sourceRange(of: 6..<7) == 6..<7)
    #expect(map.sourceRange(of: 0..<7) == 0..<7)
    #expect(map.sourceRange(of: 2..<2) == 3..<3)
  }

  @Test(
    arguments: [
      (.file, "a\n\nb\n", ["a\n\nb\n"]), (.file, "", []),
      (.line, "a\nbc\n\n\nd", ["a", "bc", "d"]), (.line, "a\r\nb\r\n", ["a", "b"]),
      (.line, "\n\n", []),
      (.blankLine, "a\nb\n\nc\n", ["a\nb", "c"]),
      (.blankLine, "\n \t\na\r\n\r\n\n b", ["a", " b"]),
      (.blankLine, "a\n \n", ["a"]), (.blankLine, "a\n b", ["a\n b"]), (.blankLine, " \n", []),
      (.delimiter("<|>"), "a<|>b\n<|><|>c<|", ["a", "b\n", "c<|"]),
      (.delimiter("aab"), "aaab", ["a"]), (.delimiter("é"), "xéye\u{301}", ["x", "ye\u{301}"]),
    ] as [(DocumentRule, String, [String])])
  func documents(rule: DocumentRule, text: String, expected: [String]) throws {
    for chunk in [1, 2, 100] {
      let reading = try Reading(
        Array(text.utf8), ReadingRules(documents: rule), chunk: chunk)
      #expect(reading.documents == expected)
    }
  }

  @Test func rulesHaveNames() {
    for rule in [DocumentRule.file, .line, .blankLine, .delimiter("--")] {
      #expect(DocumentRule(rule.name) == rule)
    }
    #expect(DocumentRule("") == nil)
    #expect(DocumentRule.delimiter("é") != .delimiter("e\u{301}"))
    for encoding in [TextEncoding.automatic, .named("koi8-r")] {
      #expect(encoding.name.map { TextEncoding($0) } == encoding)
    }
  }
}
