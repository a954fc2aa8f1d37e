/// Makes text of lines that come one after another, each as soon as it is there.
///
/// Only for encodings in which a line feed is the byte 10 and nothing else is; see `canRead(_:)`.
package struct LineDecoder {
  private let rules: ReadingRules
  private let source: String
  private let isUTF8: Bool
  /// Bytes and line feeds of the lines before.
  private var byteCount = 0
  private var lineCount = 0
  /// How many pieces were no text and were replaced or left out.
  private var invalidCount = 0
  private var encoding = "UTF-8"

  /// A decoder at the beginning of a text, which errors call `source`.
  package init(_ rules: ReadingRules, source: String) {
    self.source = source
    isUTF8 = rules.encoding == .standard
    self.rules = ReadingRules(
      encoding: isUTF8 ? .named("UTF-8") : rules.encoding, invalidBytes: rules.invalidBytes)
  }

  /// Whether an encoding is told before the text is there, and has line feeds as ASCII has.
  package static func canRead(_ encoding: TextEncoding) -> Bool {
    guard encoding != .automatic else { return false }
    var rest: [UInt8] = Array("a\nb".utf8)
    var reader = TextReader(ReadingRules(encoding: encoding), source: "") {
      defer { rest = [] }
      return rest
    }
    do {
      return try reader.next()?.text.bytes == Array("a\nb".utf8)
    } catch {
      return false
    }
  }

  /// The next line as text.
  ///
  /// - Throws: `TextError.invalidBytes` with the place in the whole text, and `.otherEncoding` for a text
  ///   that begins as UTF-16 does.
  package mutating func decoded(_ piece: LinePiece) throws -> LinePiece {
    let text = try text(piece.bytes)
    byteCount += piece.bytes.count
    lineCount += piece.bytes.last == UInt8(ascii: "\n") ? 1 : 0
    return LinePiece(
      number: piece.number, bytes: text, beginsLine: piece.beginsLine, endsLine: piece.endsLine)
  }

  /// What is worth telling once all lines were read.
  package var notices: [String] {
    CorpusSurvey.notice(
      ofInvalid: invalidCount, encoding: encoding, rules.invalidBytes, source: source
    ).map { [$0] } ?? []
  }

  private mutating func text(_ bytes: [UInt8]) throws -> [UInt8] {
    if isUTF8, String(validating: bytes, as: UTF8.self) != nil { return bytes }
    if isUTF8, byteCount == 0 {
      for (mark, name) in [([0xFF, 0xFE], "UTF-16LE"), ([0xFE, 0xFF], "UTF-16BE")]
        as [([UInt8], String)]
      where bytes.starts(with: mark) {
        throw TextError.otherEncoding(source: source, encoding: name, hasByteOrderMark: true)
      }
    }
    // Behind a space nothing is a byte-order mark.
    var rest = [UInt8(ascii: " ")] + bytes
    var reader = TextReader(rules, source: source) {
      defer { rest = [] }
      return rest
    }
    var text: [UInt8] = []
    do {
      while let passage = try reader.next() { text += passage.text.bytes }
    } catch TextError.invalidBytes(let source, let encoding, let offset, _) {
      throw TextError.invalidBytes(
        source: source, encoding: encoding, byteOffset: byteCount + offset - 1, line: lineCount + 1)
    }
    invalidCount += reader.invalidCount
    encoding = reader.encoding ?? encoding
    return Array(text.dropFirst())
  }
}
