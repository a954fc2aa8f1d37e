/// Tokens on their way to a file, summed and written in large portions.
struct TokenWriter {
  private let width: TokenFile.Width
  private var pending: [TokenID] = []
  private(set) var checksum = TokenChecksum()

  init(width: TokenFile.Width) {
    self.width = width
  }

  /// Adds tokens, which fit the width.
  mutating func append(_ tokens: [TokenID], write: ([UInt8]) throws -> Void) throws {
    pending += tokens
    if pending.count >= 1 << 16 { try flush(write: write) }
  }

  /// Writes what was held back.
  mutating func flush(write: ([UInt8]) throws -> Void) throws {
    checksum.add(pending)
    try write(width.bytes(of: pending))
    pending.removeAll(keepingCapacity: true)
  }
}
