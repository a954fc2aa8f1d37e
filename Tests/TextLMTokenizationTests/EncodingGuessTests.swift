import Testing
import TextLMTokenization

@Suite struct EncodingGuessTests {
  /// A text in a single-byte encoding, of which `high` holds the characters from 0x80 + `first` on.
  private func encode(_ text: String, first: Int, _ high: String) -> [UInt8] {
    let table = Array(high.unicodeScalars)
    return text.unicodeScalars.map { scalar in
      scalar.isASCII
        ? UInt8(scalar.value)
        : UInt8(0x80 + first + (table.firstIndex(of: scalar) ?? 0))
    }
  }

  private static let french = """
    Il était une fois un gentilhomme qui épousa en secondes noces une femme, la plus hautaine et la \
    plus fière qu'on eût jamais vue. Elle avait deux filles de son humeur, et qui lui ressemblaient \
    en toutes choses. Le mari avait de son côté une jeune fille, mais d'une douceur et d'une bonté \
    sans exemple ; elle tenait cela de sa mère, qui était la meilleure personne du monde.\n
    """
  private static let russian = """
    Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. \
    Все смешалось в доме Облонских. Жена узнала, что муж был в связи с бывшею в их доме \
    француженкою-гувернанткой, и объявила мужу, что не может жить с ним в одном доме.\n
    """

  /// "国境の長いトンネルを抜けると雪国であった。" in EUC-JP.
  private static let japanese: [UInt8] = [
    0xB9, 0xF1, 0xB6, 0xAD, 0xA4, 0xCE, 0xC4, 0xB9, 0xA4, 0xA4, 0xA5, 0xC8, 0xA5, 0xF3, 0xA5, 0xCD,
    0xA5, 0xEB, 0xA4, 0xF2, 0xC8, 0xB4, 0xA4, 0xB1, 0xA4, 0xEB, 0xA4, 0xC8, 0xC0, 0xE3, 0xB9, 0xF1,
    0xA4, 0xC7, 0xA4, 0xA2, 0xA4, 0xC3, 0xA4, 0xBF, 0xA1, 0xA3,
  ]

  @Test func whatIsLikelyIsTaken() throws {
    let latin = String(String.UnicodeScalarView((0xA0...0xFF).compactMap { Unicode.Scalar($0) }))
    let bytes = encode(Self.french, first: 0x20, latin)
    let plain = Array("plain ASCII, which says nothing".utf8)
    let guess = try EncodingGuess(samples: [plain, bytes], source: "x")
    #expect(guess.encoding == "windows-1252")
    #expect(guess.confidence >= EncodingGuess.confidenceFloor)
    let japanese = [[UInt8]](repeating: Self.japanese, count: 8).flatMap { $0 }
    let other = try EncodingGuess(samples: [japanese], source: "x")
    #expect(other.encoding == "EUC-JP")
    // What a guess names can be read.
    let reading = try Reading(Self.japanese, ReadingRules(encoding: .named(other.encoding)))
    #expect(reading.text == "国境の長いトンネルを抜けると雪国であった。")
  }

  @Test func whatIsNotLikelyIsRefusedWithCandidates() throws {
    let koi =
      "юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"
    // Too short to be sure of.
    let bytes = encode(Self.russian, first: 0x40, koi)
    let error = #expect(throws: TextError.self) {
      try EncodingGuess(samples: [bytes], source: "x")
    }
    guard case .undecidedEncoding("x", let candidates)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(candidates.first?.hasPrefix("KOI8-R (") == true)
    #expect(candidates.count > 1 && candidates.count <= 4)
    #expect(throws: TextError.undecidedEncoding(source: "x", candidates: [])) {
      try EncodingGuess(samples: [Array("plain".utf8), []], source: "x")
    }
  }
}
