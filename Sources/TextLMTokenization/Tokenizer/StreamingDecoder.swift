/// Tokens to text as they come, in whole characters.
///
/// Byte tokens are held back until they make up a scalar. Whatever the tokens, the pieces together
/// are valid text, equal to `Tokenizer.decode` of all of them.
public struct StreamingDecoder: Sendable {
  private let vocabulary: Vocabulary
  /// The bytes of a scalar that has begun.
  private var pending: [UInt8] = []
  /// How many bytes the scalar still needs, and what the next one may be (Unicode Standard, table
  /// 3-7).
  private var neededCount = 0
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  /// Makes a decoder at the start of a text.
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// The characters that are complete with this token; none, often, after a byte token.
  ///
  /// - Precondition: The token is in the vocabulary.
  public mutating func decode(_ token: TokenID) -> String {
    var bytes: [UInt8] = []
    decode(token, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What remains at the end: U+FFFD for a character that has begun and was not ended, otherwise
  /// nothing.
  public mutating func finish() -> String {
    var bytes: [UInt8] = []
    finish(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the characters that are complete with this token, in UTF-8: `decode` without a string
  /// for each token.
  ///
  /// - Precondition: The token is in the vocabulary.
  public mutating func decode(_ token: TokenID, into output: inout [UInt8]) {
    switch vocabulary.place(of: token) {
    case .byte(let byte):
      append(byte, to: &output)
    case .unit(let index):
      finish(into: &output)
      vocabulary.appendUnit(at: index, to: &output)
    case .unknown:
      finish(into: &output)
      output += Self.replacement
    case .boundary:
      finish(into: &output)
    }
  }

  /// Appends what remains at the end, as `finish` gives it.
  public mutating func finish(into output: inout [UInt8]) {
    guard neededCount > 0 else { return }
    output += Self.replacement
    pending.removeAll(keepingCapacity: true)
    neededCount = 0
  }

  private mutating func append(_ byte: UInt8, to output: inout [UInt8]) {
    if neededCount > 0, !allowed.contains(byte) { finish(into: &output) }
    if neededCount > 0 {
      pending.append(byte)
      neededCount -= 1
      allowed = 0x80...0xBF
      if neededCount == 0 {
        output += pending
        pending.removeAll(keepingCapacity: true)
      }
    } else {
      start(byte, output: &output)
    }
  }

  /// Takes the first byte of a scalar.
  private mutating func start(_ byte: UInt8, output: inout [UInt8]) {
    switch byte {
    case 0...0x7F: output.append(byte)
    case 0xC2...0xDF: expect(1, 0x80...0xBF)
    case 0xE0: expect(2, 0xA0...0xBF)
    case 0xED: expect(2, 0x80...0x9F)
    case 0xE1...0xEF: expect(2, 0x80...0xBF)
    case 0xF0: expect(3, 0x90...0xBF)
    case 0xF1...0xF3: expect(3, 0x80...0xBF)
    case 0xF4: expect(3, 0x80...0x8F)
    default: output += Self.replacement
    }
    if neededCount > 0 { pending.append(byte) }
  }

  private mutating func expect(_ count: Int, _ next: ClosedRange<UInt8>) {
    neededCount = count
    allowed = next
  }

  /// U+FFFD.
  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
}
