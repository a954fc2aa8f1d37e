/// The members of a JSON object in the order in which they were written, no key twice.
///
/// Keys are compared by their UTF-8 bytes. Finding a member is O(1) on average; small objects,
/// which most are, carry no index and are searched one by one.
public struct JSONObject: Sendable, Equatable {
  /// One key with its value.
  public struct Member: Sendable, Equatable {
    /// The key after unescaping.
    public let key: String
    /// The value.
    public let value: JSONValue

    /// True when the keys have the same bytes and the values are equal.
    public static func == (left: Member, right: Member) -> Bool {
      UTF8Key(left.key) == UTF8Key(right.key) && left.value == right.value
    }
  }

  /// Objects of up to this many members are searched without an index.
  private static let unindexedCount = 8

  /// The members in their order.
  public private(set) var members: [Member] = []
  /// Key to position in `members`; empty until there are more than `unindexedCount` members.
  private var positions: [UTF8Key: Int] = [:]

  /// An object without members.
  public init() {}

  /// Adds a member at the end; does nothing and returns false when the key is already there.
  @discardableResult
  public mutating func append(_ key: String, _ value: JSONValue) -> Bool {
    guard position(of: key) == nil else { return false }
    members.append(Member(key: key, value: value))
    if members.count == Self.unindexedCount + 1 {
      for (position, member) in members.enumerated() {
        positions[UTF8Key(member.key)] = position
      }
    } else if members.count > Self.unindexedCount {
      positions[UTF8Key(key)] = members.count - 1
    }
    return true
  }

  /// The value of a key, nil when there is none.
  public subscript(key: String) -> JSONValue? {
    position(of: key).map { members[$0].value }
  }

  /// True when both have equal members in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members == right.members
  }

  private func position(of key: String) -> Int? {
    let key = UTF8Key(key)
    if members.count > Self.unindexedCount { return positions[key] }
    return members.firstIndex { UTF8Key($0.key) == key }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object written as a literal; a key that occurs twice is a programming error and traps.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(uniqueKeys: elements)
  }

  init(uniqueKeys elements: [(String, JSONValue)]) {
    for (key, value) in elements {
      let isNew = append(key, value)
      require(isNew, "JSON literal: key \(quotedForMessage(key)) occurs twice")
    }
  }
}
