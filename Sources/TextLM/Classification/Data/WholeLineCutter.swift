/// Cuts text into lines, in portions of any size.
///
/// A line ends with a line feed, in front of which one carriage return is left away.
package struct WholeLineCutter {
  /// A line without its end.
  package struct Line {
    /// From 1 on.
    package let number: Int
    package let bytes: ArraySlice<UInt8>
    /// Whether it is longer than what is held, so that its bytes are missing.
    package let isTooLong: Bool

    /// Whether it has nothing but spaces and tabs.
    package var isBlank: Bool {
      !isTooLong && bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The most bytes of a line that are held.
  package static let byteLimit = DelimitedReader.rowByteLimit

  private let byteLimit: Int
  private var rest: [UInt8] = []
  private var isTooLong = false
  private var number = 1

  package init(byteLimit: Int = Self.byteLimit) {
    self.byteLimit = byteLimit
  }

  /// The lines that end in the next portion of the text.
  package mutating func lines(in bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if rest.isEmpty, !isTooLong, end - start <= byteLimit {
        lines.append(line(bytes[start..<end]))
      } else {
        append(bytes[start..<end])
        lines.append(line(rest[...]))
        rest = []
        isTooLong = false
      }
      number += 1
      start = end + 1
    }
    append(bytes[start...])
    return lines
  }

  /// The last line, when no line end follows it.
  package mutating func lastLine() -> Line? {
    guard !rest.isEmpty || isTooLong else { return nil }
    return line(rest[...])
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    isTooLong = isTooLong || rest.count + bytes.count > byteLimit
    if isTooLong { rest = [] } else { rest += bytes }
  }

  private func line(_ bytes: ArraySlice<UInt8>) -> Line {
    let content = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    return Line(number: number, bytes: content, isTooLong: isTooLong)
  }
}
