/// What is done to line ends other than line feeds.
public enum NewlineRule: String, Sendable, CaseIterable {
  /// Nothing: CR and CRLF are characters like any other.
  case keep
  /// CR LF becomes LF, and so do several CR in front of an LF, so that twice is once; a CR that no
  /// LF follows is a character like any other.
  case lf

  /// The rule of this name.
  ///
  /// - Throws: `TextError.unknownNewlineRule`.
  public init(named name: String) throws(TextError) {
    guard let rule = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
    else {
      throw .unknownNewlineRule(name: name, known: Self.allCases.map(\.rawValue))
    }
    self = rule
  }

  /// The text with its line ends changed; a text without CR comes back without a copy.
  public func apply(to text: UTF8Text) -> UTF8Text {
    var edits: [OffsetMap.Edit]?
    return apply(to: text, recording: &edits)
  }

  /// The same, noting where the text got shorter unless `edits` is nil.
  func apply(to text: UTF8Text, recording edits: inout [OffsetMap.Edit]?) -> UTF8Text {
    let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
    guard self == .lf, text.bytes.contains(cr) else { return text }
    let bytes = text.bytes.span
    var changed: [UInt8] = []
    changed.reserveCapacity(bytes.count)
    var offset = 0
    while offset < bytes.count {
      let start = offset
      while offset < bytes.count, bytes[offset] == cr { offset += 1 }
      if offset < bytes.count, bytes[offset] == lf {
        offset += 1
        if offset - start > 1 {
          edits?.append(
            OffsetMap.Edit(
              input: start..<offset, output: changed.count..<changed.count + 1))
        }
        changed.append(lf)
      } else {
        changed.append(contentsOf: repeatElement(cr, count: offset - start))
        guard offset < bytes.count else { break }
        changed.append(bytes[offset])
        offset += 1
      }
    }
    return UTF8Text(valid: changed)
  }
}
