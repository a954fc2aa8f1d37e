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

  /// Tokens in memory.
  public init(_ tokens: [TokenID]) {
    storage = .memory(tokens)
    range = 0..<tokens.count
  }

  /// `count` tokens of a mapped file, all of which were found to lie within it.
  init(_ file: MappedFile, start: Int, count: Int, width: TokenFile.Width) {
    storage = .mapped(file, start: start, width: width)
    range = 0..<count
  }

  private init(_ storage: Storage, _ range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// Always 0.
  public var startIndex: Int { 0 }
  /// The number of tokens.
  public var endIndex: Int { range.count }

  /// A token.
  public subscript(index: Int) -> TokenID {
    precondition(
      index >= 0 && index < range.count, "token store: no token \(index) of \(range.count)")
    switch storage {
    case .memory(let tokens): return tokens[range.lowerBound + index]
    case .mapped(let file, let start, .two):
      let place = start + 2 * (range.lowerBound + index)
      return TokenID(UInt16(littleEndian: file.bytes.load(fromByteOffset: place, as: UInt16.self)))
    case .mapped(let file, let start, .four):
      let place = start + 4 * (range.lowerBound + index)
      return TokenID(littleEndian: file.bytes.load(fromByteOffset: place, as: TokenID.self))
    }
  }

  /// Some of the tokens, counted from 0 again; nothing is copied.
  public func part(_ part: Range<Int>) -> TokenStore {
    precondition(
      part.lowerBound >= 0 && part.upperBound <= range.count,
      "token store: \(part) is not within \(range.count) tokens")
    return TokenStore(
      storage, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
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
