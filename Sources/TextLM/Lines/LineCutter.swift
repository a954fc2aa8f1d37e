/// Cuts a text that comes bit by bit into lines, as soon as their ends have come.
///
/// A line feed ends a line and belongs to it. A byte-order mark before the first line is left out. What is
/// held is the line that has not ended yet; where that grows past `longest` bytes, it is given away in
/// parts, which end where characters do.
public struct LineCutter: Sendable {
  /// Most bytes of a piece.
  public let longest: Int
  private var held: [UInt8] = []
  private var number = 1
  private var beginsLine = true

  /// A cutter at the beginning of a text. Requires pieces of at least four bytes, the longest character.
  public init(longest: Int = 1 << 20) {
    require(longest >= 4, "line cutter: pieces of at most \(longest) bytes")
    self.longest = longest
  }

  /// The lines that end in the next bytes of the text, and parts of one that is longer than `longest`.
  public mutating func add(_ bytes: [UInt8]) -> [LinePiece] {
    var pieces: [LinePiece] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let lineFeed = rest.firstIndex(of: UInt8(ascii: "\n"))
      let end = lineFeed.map { $0 + 1 } ?? rest.endIndex
      held += rest[..<end]
      rest = rest[end...]
      while held.count > longest { pieces.append(part()) }
      if lineFeed != nil { pieces.append(piece(held.count, endsLine: true)) }
    }
    return pieces
  }

  /// The last line, where the text ended without a line feed.
  public mutating func finish() -> LinePiece? {
    held.isEmpty ? nil : piece(held.count, endsLine: true)
  }

  /// The first bytes of what is held, up to where a character begins.
  private mutating func part() -> LinePiece {
    // Of four bytes in a row one begins a character, or they are no text.
    let end = (longest - 3...longest).last { held[$0] & 0b1100_0000 != 0b1000_0000 }
    return piece(end ?? longest, endsLine: false)
  }

  private mutating func piece(_ count: Int, endsLine: Bool) -> LinePiece {
    var bytes = Array(held[..<count])
    held.removeFirst(count)
    if number == 1, beginsLine, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    defer {
      number += endsLine ? 1 : 0
      beginsLine = endsLine
    }
    return LinePiece(number: number, bytes: bytes, beginsLine: beginsLine, endsLine: endsLine)
  }
}
