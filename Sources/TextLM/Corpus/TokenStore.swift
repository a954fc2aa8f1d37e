/// Many tokens, in memory or in a mapped file.
///
/// Equal stores hold the same tokens, wherever they are.
public struct TokenStore: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    case memory([TokenID])
    /// Numbers of two bytes or four, from a byte on.
    case mapped(MappedFile, start: Int, width: TokenFile.Width)
  }

  private let storage: Storage
  /// The part of the storage that this is.
  private let range: Range<Int>
  /// Where tokens of that part are left out, counted from its beginning, and how many.
  private let gap: (start: Int, count: Int)
  /// Whether they are counted from the last one on.
  private let order: Order

  private enum Order {
    case asStored
    case reversed
    /// The first one, and then the others from the last one on.
    case reversedBehindFirst
  }

  /// Tokens in memory.
  public init(_ tokens: [TokenID]) {
    self.init(.memory(tokens), 0..<tokens.count)
  }

  /// `count` tokens of a mapped file, all of which were found to lie within it.
  init(_ file: MappedFile, start: Int, count: Int, width: TokenFile.Width) {
    self.init(.mapped(file, start: start, width: width), 0..<count)
  }

  private init(
    _ storage: Storage, _ range: Range<Int>, gap: (start: Int, count: Int) = (0, 0),
    order: Order = .asStored
  ) {
    self.storage = storage
    self.range = range
    self.gap = gap
    self.order = order
  }

  /// Always 0.
  public var startIndex: Int { 0 }
  /// The number of tokens.
  public var endIndex: Int { range.count - gap.count }

  /// A token.
  public subscript(index: Int) -> TokenID {
    precondition(
      index >= 0 && index < count, "token store: no token \(index) of \(count)")
    let place =
      switch order {
      case .asStored: index
      case .reversed: count - 1 - index
      case .reversedBehindFirst: index == 0 ? 0 : count - index
      }
    let stored = range.lowerBound + place + (place < gap.start ? 0 : gap.count)
    switch storage {
    case .memory(let tokens): return tokens[stored]
    case .mapped(let file, let start, .two):
      let place = start + 2 * stored
      return TokenID(UInt16(littleEndian: file.bytes.load(fromByteOffset: place, as: UInt16.self)))
    case .mapped(let file, let start, .four):
      let place = start + 4 * stored
      return TokenID(littleEndian: file.bytes.load(fromByteOffset: place, as: TokenID.self))
    }
  }

  /// The same tokens from the last one on, but where `keepsFirst` with the first one in front of them
  /// still; nothing is copied. Requires tokens in the order in which they are stored.
  public func reversedTokens(keepingFirst keepsFirst: Bool = false) -> TokenStore {
    precondition(order == .asStored, "token store: the tokens are reversed already")
    return TokenStore(
      storage, range, gap: gap, order: keepsFirst ? .reversedBehindFirst : .reversed)
  }

  /// Some of the tokens, counted from 0 again; nothing is copied. Requires tokens in the order in which
  /// they are stored.
  public func part(_ part: Range<Int>) -> TokenStore {
    precondition(order == .asStored, "token store: a part of reversed tokens")
    precondition(
      part.lowerBound >= 0 && part.upperBound <= count,
      "token store: \(part) is not within \(count) tokens")
    let first = range.lowerBound + part.lowerBound
    if part.upperBound <= gap.start { return TokenStore(storage, first..<first + part.count) }
    if part.lowerBound >= gap.start {
      return TokenStore(storage, first + gap.count..<first + gap.count + part.count)
    }
    return TokenStore(
      storage, first..<first + part.count + gap.count,
      gap: (gap.start - part.lowerBound, gap.count))
  }

  /// The tokens without those in the middle, counted as if they had never been; nothing is copied.
  /// Requires that none have been left out before, and tokens in the order in which they are stored.
  public func removing(_ middle: Range<Int>) -> TokenStore {
    precondition(
      gap.count == 0 && order == .asStored && middle.lowerBound >= 0 && middle.upperBound <= count,
      "token store: \(middle) cannot be left out of \(count) tokens")
    return TokenStore(storage, range, gap: (middle.lowerBound, middle.count))
  }

  /// Tells that tokens were read in so many places far from each other, so that memory that stands
  /// for a mapped file can be given back now and then.
  func noteAccess(placeCount: Int) {
    if case .mapped(let file, _, _) = storage { file.noteAccess(placeCount: placeCount) }
  }
}

extension TokenStore: Equatable {
  /// Whether both hold the same tokens.
  public static func == (left: TokenStore, right: TokenStore) -> Bool {
    left.elementsEqual(right)
  }
}
