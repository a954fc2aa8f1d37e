import TextLM

/// Reads token numbers as they come, in memory that does not grow with their number: numbers with
/// white space between them, or a JSON object with a `token` on each line.
struct TokenList {
  /// Longest number and longest row, in bytes; a row holds one token's text.
  private static let longestWord = 20
  private static let longestRow = 1 << 20

  private let source: String
  private let tokenCount: Int
  private var pending: [UInt8] = []
  private var line = 1
  /// Whether rows are JSON; nil before the first of anything.
  private var isJSON: Bool?

  /// A list of tokens below `tokenCount`; `source` is its name in errors.
  init(source: String, tokenCount: Int) {
    self.source = source
    self.tokenCount = tokenCount
  }

  /// Reads the next bytes and gives the tokens that have ended.
  mutating func read(_ bytes: [UInt8], _ body: (TokenID) throws -> Void) throws {
    for byte in bytes {
      let isLineFeed = byte == UInt8(ascii: "\n")
      let isSpace = isLineFeed || byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte
      if isJSON == nil, !isSpace { isJSON = byte == UInt8(ascii: "{") }
      if isJSON == true ? isLineFeed : isSpace {
        try finish(body)
      } else {
        pending.append(byte)
        let limit = isJSON == true ? Self.longestRow : Self.longestWord
        if pending.count > limit { throw error("a token") }
      }
      if isLineFeed { line += 1 }
    }
  }

  /// Ends the list, or the present word or row.
  mutating func finish(_ body: (TokenID) throws -> Void) throws {
    guard !pending.isEmpty else { return }
    try body(isJSON == true ? row() : word())
    pending.removeAll(keepingCapacity: true)
  }

  private func word() throws -> TokenID {
    var number = 0
    for byte in pending {
      number = 10 * number + Int(byte) - 0x30
      guard 0x30...0x39 ~= byte, number < tokenCount else {
        throw error("a number from 0 to \(tokenCount - 1)")
      }
    }
    return TokenID(number)
  }

  private func row() throws -> TokenID {
    do {
      let row = JSONField(try JSONValue(parsing: pending), path: "row")
      return TokenID(try row.int("token", in: 0...tokenCount - 1))
    } catch let problem as JSONError {
      throw error("an object with a token (\(problem))")
    } catch let problem as JSONFieldError {
      throw error("an object with a token from 0 to \(tokenCount - 1) (\(problem))")
    }
  }

  private func error(_ expected: String) -> TokenListError {
    TokenListError(
      source: source, line: line, found: String(decoding: pending.prefix(40), as: UTF8.self),
      expected: expected)
  }
}

/// Something else than a token where one was needed.
struct TokenListError: Error, Equatable, CustomStringConvertible {
  let source: String
  let line: Int
  let found: String
  let expected: String

  var description: String {
    "\(source), line \(line): '\(found)' is not \(expected): give what `textlm tokenize --ids` or "
      + "`--format json` prints for the same model"
  }
}
