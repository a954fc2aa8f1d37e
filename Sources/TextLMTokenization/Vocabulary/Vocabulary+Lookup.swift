/// What a token stands for.
public enum TokenKind: Sendable, Equatable {
  /// The border of a document: in front of its first unit, and no part of any text.
  case boundary
  /// A unit that is not in the vocabulary.
  case unknown
  /// A unit of text.
  case unit(UTF8Text)
  /// One byte of the UTF-8 of a unit that is not in the vocabulary.
  case byte(UInt8)
}

extension Vocabulary {
  /// A unit, by its index from 0 to `unitCount`.
  public func unit(at index: Int) -> UTF8Text {
    var unit: [UInt8] = []
    appendUnit(at: index, to: &unit)
    return UTF8Text(valid: unit)
  }

  /// The number of a unit; nil when it is not in the vocabulary.
  public func token(of unit: UTF8Text) -> TokenID? {
    guard let lead = unit.bytes.first else { return nil }
    guard unit.bytes.count == UTF8Scalar.length(leadByte: lead) else {
      return sequences.index(of: unit.bytes.span, 0, unit.bytes.count).map { sequenceTokens[$0] }
    }
    let token = scalarTokens[UTF8Scalar.value(in: unit.bytes.span, at: 0)]
    return token == 0 ? nil : token
  }

  /// What a token stands for.
  ///
  /// - Precondition: `token` is from 0 to `count`.
  public func kind(of token: TokenID) -> TokenKind {
    switch place(of: token) {
    case .boundary: .boundary
    case .unknown: .unknown
    case .unit(let index): .unit(unit(at: index))
    case .byte(let byte): .byte(byte)
    }
  }

  /// Where a token stands among the tokens: its kind, without a copy of the unit.
  enum Place {
    case boundary, unknown
    case unit(index: Int)
    case byte(UInt8)
  }

  /// Where a token stands, which must be from 0 to `count`.
  func place(of token: TokenID) -> Place {
    precondition(
      token >= 0 && Int(token) < count,
      "vocabulary: token \(token) is not among the \(count) tokens from 0")
    let index = Int(token) - Self.firstUnit
    if token == Self.boundary { return .boundary }
    if token == Self.unknown { return .unknown }
    return index < unitCount ? .unit(index: index) : .byte(UInt8(index - unitCount))
  }

  /// Appends the UTF-8 of a unit.
  func appendUnit(at index: Int, to output: inout [UInt8]) {
    for place in (index == 0 ? 0 : unitEnds[index - 1])..<unitEnds[index] {
      output.append(unitBytes[place])
    }
  }
}
