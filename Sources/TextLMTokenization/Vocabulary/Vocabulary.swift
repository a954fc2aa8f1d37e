/// The number of a token.
public typealias TokenID = Int32

/// The tokens and their numbers.
///
/// Number 0 is the document boundary, 1 is `<unk>`; the units follow by frequency, and behind them,
/// in a vocabulary that was cut or whose units are not scalars, one token for each of the 256 bytes. Units are told apart by their
/// UTF-8 bytes, never as strings, for which an é in one scalar equals an é in two.
public struct Vocabulary: Sendable {
  /// The document boundary.
  public static let boundary: TokenID = 0
  /// The unit that is not in the vocabulary.
  public static let unknown: TokenID = 1
  /// The first unit.
  package static let firstUnit = 2

  /// How often each unit occurred in the text that the vocabulary was made from, in the order of
  /// the units.
  public let counts: [Int]
  /// Whether units that are not in the vocabulary are spelled in byte tokens; otherwise they are
  /// `<unk>`.
  public let hasByteFallback: Bool
  /// The number of units that are one Unicode scalar.
  public let scalarCount: Int

  // The units, end to end, and where each of them ends.
  let unitBytes: [UInt8]
  let unitEnds: [Int]
  // The numbers of units that are one scalar; 0 for a scalar that is none.
  let scalarTokens: ScalarMap<TokenID>
  // What each ASCII scalar becomes, be it a unit, a byte token or `<unk>`.
  let asciiTokens: [TokenID]
  // The units of several scalars, and their numbers.
  let sequences: UnitTable
  let sequenceTokens: [TokenID]

  /// Makes a vocabulary from units in the order of their numbers.
  ///
  /// - Throws: `TextError` for no tokens of text at all, for units that are empty or there twice,
  ///   for wrong counts and for too many tokens.
  init(units: [[UInt8]], counts: [Int], hasByteFallback: Bool) throws(TextError) {
    guard hasByteFallback || !units.isEmpty else { throw .emptyVocabulary }
    guard units.count == counts.count else {
      throw .countsMismatch(units: units.count, counts: counts.count)
    }
    try Self.checkTokenCount(unitCount: units.count, hasByteFallback: hasByteFallback)
    if let index = counts.firstIndex(where: { $0 < 0 }) {
      throw .negativeCount(index: index, count: counts[index])
    }

    var bytes: [UInt8] = []
    var ends: [Int] = []
    var scalars = ScalarMap<TokenID>(repeating: 0)
    var sequences = UnitTable()
    var sequenceTokens: [TokenID] = []
    for (index, unit) in units.enumerated() {
      guard let lead = unit.first else { throw .emptyUnit(index: index) }
      let token = TokenID(Self.firstUnit + index)
      let former: TokenID
      if unit.count == UTF8Scalar.length(leadByte: lead) {
        let scalar = UTF8Scalar.value(in: unit.span, at: 0)
        former = scalars[scalar]
        scalars[scalar] = token
      } else {
        let (place, isNew) = sequences.insert(unit.span, 0, unit.count)
        former = isNew ? 0 : sequenceTokens[place]
        sequenceTokens.append(token)
      }
      guard former == 0 else {
        throw .duplicateUnit(firstIndex: Int(former) - Self.firstUnit, index: index)
      }
      bytes += unit
      ends.append(bytes.count)
    }
    self.counts = counts
    self.hasByteFallback = hasByteFallback
    scalarCount = units.count - sequences.count
    unitBytes = bytes
    unitEnds = ends
    scalarTokens = scalars
    self.sequences = sequences
    self.sequenceTokens = sequenceTokens
    let firstByte = TokenID(Self.firstUnit + units.count)
    asciiTokens = (UInt32(0)..<128).map { scalar in
      let token = scalars[scalar]
      return token != 0 ? token : hasByteFallback ? firstByte + TokenID(scalar) : Self.unknown
    }
  }

  /// Refuses more tokens than there are numbers for.
  package static func checkTokenCount(unitCount: Int, hasByteFallback: Bool) throws(TextError) {
    let limit = Int(TokenID.max)
    let others = firstUnit + (hasByteFallback ? 256 : 0)
    guard unitCount <= limit - others else {
      throw .tooManyTokens(units: unitCount, limit: limit - others)
    }
  }

  /// The number of tokens, `V`.
  public var count: Int {
    Self.firstUnit + unitCount + (hasByteFallback ? 256 : 0)
  }

  /// The token of byte 0, when there are byte tokens.
  var firstByteToken: TokenID {
    TokenID(Self.firstUnit + unitCount)
  }

  /// The number of units.
  public var unitCount: Int {
    unitEnds.count
  }
}

extension Vocabulary: Equatable {
  /// Whether the tokens have the same numbers, meanings and counts.
  public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.hasByteFallback == right.hasByteFallback && left.counts == right.counts
      && left.unitEnds == right.unitEnds && left.unitBytes == right.unitBytes
  }
}
