extension String.UTF8View {
  /// The parts between separators, as they are: bytes, because a mark that follows a separator makes another
  /// character of it. Requires a separator.
  func fields(by separator: StaticString) -> [String] {
    let separator = Array("\(separator)".utf8)
    require(!separator.isEmpty, "fields: no separator")
    let bytes = Array(self)
    var fields: [String] = []
    var (start, place) = (0, 0)
    while place + separator.count <= bytes.count {
      guard bytes[place..<place + separator.count].elementsEqual(separator) else {
        place += 1
        continue
      }
      fields.append(String(decoding: bytes[start..<place], as: UTF8.self))
      place += separator.count
      start = place
    }
    return fields + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  /// What stands between spaces and tabs.
  var columns: [String] {
    split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(Substring($0)) }
  }

  /// The text without spaces and tabs at its ends.
  var trimmed: String {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let bytes = Array(drop(while: isSpace))
    let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
