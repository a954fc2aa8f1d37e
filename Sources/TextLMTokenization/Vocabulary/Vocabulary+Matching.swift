extension Vocabulary {
  /// For each token of this vocabulary the token of `other` that stands for the same text; nil where
  /// there is none. No token of `other` is named twice.
  ///
  /// Units are told apart by their bytes. An ASCII character is the same one whether a unit or a
  /// byte token stands for it, which is how models of bytes and of characters share it. The boundary
  /// and `<unk>` match those of `other`.
  public func matches(in other: Vocabulary) -> [TokenID?] {
    (0..<TokenID(count)).map { token in
      switch place(of: token) {
      case .boundary: Self.boundary
      case .unknown: Self.unknown
      case .unit(let index): match(of: unit(at: index), in: other)
      case .byte(let byte): match(of: byte, in: other)
      }
    }
  }

  private func match(of unit: UTF8Text, in other: Vocabulary) -> TokenID? {
    if let token = other.token(of: unit) { return token }
    return unit.bytes.count == 1 ? other.byteToken(unit.bytes[0]) : nil
  }

  private func match(of byte: UInt8, in other: Vocabulary) -> TokenID? {
    guard byte < 0x80 else { return other.byteToken(byte) }
    let character = UTF8Text(valid: [byte])
    let otherUnit = other.token(of: character)
    // With a unit of its own here, the byte token writes nothing, and must not get what is the
    // unit's.
    if token(of: character) != nil { return otherUnit == nil ? nil : other.byteToken(byte) }
    return otherUnit ?? other.byteToken(byte)
  }

  private func byteToken(_ byte: UInt8) -> TokenID? {
    hasByteFallback ? firstByteToken + TokenID(byte) : nil
  }
}
