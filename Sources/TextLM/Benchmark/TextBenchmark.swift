/// Measures how fast text becomes tokens, on one core, and a plain C loop over ICU beside it.
public struct TextBenchmark: Sendable {
  /// What was measured, in bytes of the text a second.
  public struct Result: Sendable, Equatable {
    /// `Tokenizer.encode`: normalizing, cutting and numbering.
    public let bytesPerSecond: Double
    /// A C loop that decodes every scalar, for bytes and code points; or that asks ICU for every
    /// boundary, and keeps nothing.
    public let plainBytesPerSecond: Double
  }

  private let text: UTF8Text
  private let tokenizer: Tokenizer

  /// A benchmark of a text with a vocabulary of its own.
  ///
  /// - Throws: `TextError` for a unit that does not exist and a text without units.
  public init(_ text: UTF8Text, unit: String) throws(TextError) {
    self.text = text
    tokenizer = try Tokenizer(
      trainedOn: [text], segmenter: SegmenterRegistry.builtIn.segmenter(named: unit))
  }

  /// Measures for about `seconds` each.
  public func measure(seconds: Double) throws(TextError) -> Result {
    let own = Benchmark.medianRate(seconds: seconds, warmUp: 1) {
      _ = tokenizer.encode(text)
      return text.bytes.count
    }
    let plain = try Benchmark.medianRate(seconds: seconds, warmUp: 1, plainLoop())
    return Result(bytesPerSecond: own, plainBytesPerSecond: plain)
  }

  private func plainLoop() -> () throws(TextError) -> Int {
    var scalars = [UInt32](repeating: 0, count: max(1, text.bytes.count))
    var ends: [Int] = []
    let kind: ICUBreaker.Kind? =
      switch tokenizer.segmenter {
      case is GraphemeSegmenter: .characters
      case is WordSegmenter: .words
      default: nil
      }
    return { () throws(TextError) -> Int in
      if let kind {
        _ = try PlainLoop.breaks(kind, text, into: &ends)
      } else {
        _ = PlainLoop.codePoints(text, into: &scalars)
      }
      return text.bytes.count
    }
  }
}

extension TextBenchmark {
  /// Two megabytes of ASCII that look like prose.
  public static let asciiText = repeated([sentences[0]], byteCount: 2_000_000)

  /// Two megabytes in a dozen scripts.
  public static let mixedText = repeated(sentences, byteCount: 2_000_000)

  /// Lines in an order without a pattern, so that a processor cannot learn it.
  private static func repeated(_ lines: [String], byteCount: Int) -> UTF8Text {
    var random = RandomSource(seed: 1)
    var text = ""
    text.reserveCapacity(byteCount)
    while text.utf8.count < byteCount {
      let words = lines[random.nextInt(below: lines.count)].split(separator: " ")
      let first = random.nextInt(below: words.count)
      text += (words[first...] + words[..<first]).joined(separator: " ") + "\n"
    }
    return UTF8Text(text)
  }

  private static let sentences = [
    "The keeper counted ships at dusk; 17 had come in, and none of them, he said, was late.",
    "Смотритель считал корабли в сумерках, и ни один из них, сказал он, не опоздал.",
    "Ο φύλακας μετρούσε τα πλοία το σούρουπο και κανένα δεν είχε αργήσει.",
    "Der Wärter zählte die Schiffe; „keines“, sagte er, „kam zu spät“ – außer einem.",
    "عدّ الحارس السفن عند الغروب، وقال إن أيًا منها لم يتأخر.",
    "השומר ספר את הספינות בין הערביים, ואף אחת מהן לא איחרה.",
    "रखवाले ने शाम को जहाज़ गिने और कहा कि उनमें से कोई भी देर से नहीं आया।",
    "ผู้ดูแลนับเรือในยามพลบค่ำ และบอกว่าไม่มีลำใดมาสาย",
    "守灯人在黄昏时数着船只，他说没有一艘迟到。",
    "灯台守は夕暮れに船を数え、遅れた船は一隻もなかったと言った。",
    "등대지기는 해 질 녘에 배를 세었고 늦은 배는 한 척도 없었다고 말했다.",
    "Người gác đèn đếm tàu lúc hoàng hôn và nói rằng không chiếc nào đến muộn.",
    "Ships 🚢⛵️ at dusk 🌅 — counted 👩🏽‍✈️👨‍👩‍👧‍👦 🇫🇷🇯🇵 and none late ✅",
  ]
}
