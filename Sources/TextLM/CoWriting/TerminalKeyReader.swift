/// Turns the bytes that a terminal sends into keys.
///
/// Sequences that begin with an escape character, and characters of several bytes, may come in pieces.
/// What stands for no key here is dropped.
package struct TerminalKeyReader: Sendable {
  private var pending: [UInt8] = []
  /// What is being pasted; nil outside of it.
  private var pasted: [UInt8]?

  private static let pasteStart = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  package init() {}

  /// Whether the last bytes are a key by themselves if no more come soon: an escape character is, and
  /// half a character never becomes one.
  package var isWaiting: Bool { pending.first == 0x1B && pasted == nil }

  /// The keys that are whole with some more bytes.
  package mutating func keys(_ bytes: [UInt8]) -> [TerminalKey] {
    var keys: [TerminalKey] = []
    for byte in bytes {
      if pasted != nil {
        if let key = paste(byte) { keys.append(key) }
        continue
      }
      // A character that was begun and does not go on is none.
      if let first = pending.first, first != 0x1B, byte & 0xC0 != 0x80 { pending = [] }
      pending.append(byte)
      if pending == Self.pasteStart {
        pending = []
        pasted = []
      } else if isWhole {
        if let key = Self.key(pending) { keys.append(key) }
        pending = []
      }
    }
    return keys
  }

  /// The key that the last bytes are when no more come soon; the rest of a character may come later.
  package mutating func flush() -> TerminalKey? {
    guard isWaiting else { return nil }
    defer { pending = [] }
    return pending == [0x1B] ? .escape : nil
  }

  /// Line ends come as CR. Behind the end of what is pasted comes a sequence that says so.
  private mutating func paste(_ byte: UInt8) -> TerminalKey? {
    pasted?.append(byte)
    guard let content = pasted, content.suffix(Self.pasteEnd.count) == Self.pasteEnd[...] else {
      return nil
    }
    pasted = nil
    let text = String(decoding: content.dropLast(Self.pasteEnd.count), as: UTF8.self)
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    return lines.isEmpty ? nil : .text(lines)
  }

  /// Whether the pending bytes are all of a key.
  private var isWhole: Bool {
    switch pending[0] {
    case 0x1B:
      guard pending.count > 1 else { return false }
      guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
        return pending[1] != 0x1B
      }
      // Parameters are below the letter or ~ that ends a sequence.
      return pending.count > 2 && 0x40...0x7E ~= pending[pending.count - 1] || pending.count > 16
    case 0xC2...0xDF: return pending.count == 2
    case 0xE0...0xEF: return pending.count == 3
    case 0xF0...0xF4: return pending.count == 4
    default: return true
    }
  }

  private static func key(_ bytes: [UInt8]) -> TerminalKey? {
    switch bytes[0] {
    case 0x09: return .tab
    case 0x0A, 0x0D: return .enter
    case 0x08, 0x7F: return .backspace
    case 0x01...0x1A: return .control(Character(Unicode.Scalar(bytes[0] + 0x60)))
    case 0x1B: return sequence(bytes)
    case 0x00...0x1F: return nil
    default:
      return String(validating: bytes, as: UTF8.self).map { .text($0) }
    }
  }

  private static func sequence(_ bytes: [UInt8]) -> TerminalKey? {
    if bytes.count == 2, 0x30...0x39 ~= bytes[1] { return .alternate(Int(bytes[1]) - 0x30) }
    guard bytes.count == 3 else { return nil }
    switch bytes[2] {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "C"): return .right
    case UInt8(ascii: "D"): return .left
    default: return nil
    }
  }
}
