/// Which parameters are meant, by a pattern over their paths: `*` stands for any characters, dots
/// included, `?` for one, and everything else for itself.
///
/// `rnn.*_l0` are the parameters of the bottom layer, `*bias*` all biases.
public struct PathPattern: Sendable, Equatable, CustomStringConvertible {
  /// The pattern as it is written.
  public let description: String
  private let bytes: [UInt8]

  /// The pattern that is written so.
  public init(_ text: String) {
    description = text
    bytes = Array(text.utf8)
  }

  /// Whether the whole of `path` fits.
  ///
  /// Complexity: the product of both lengths at worst.
  public func matches(_ path: String) -> Bool {
    let path = Array(path.utf8)
    var (place, next) = (0, 0)
    // Where to go on with one more byte for the last star, when what follows it does not fit.
    var star: (pattern: Int, path: Int)?
    while place < path.count {
      if next < bytes.count, bytes[next] == UInt8(ascii: "*") {
        star = (next + 1, place)
        next += 1
      } else if next < bytes.count, bytes[next] == UInt8(ascii: "?") || bytes[next] == path[place] {
        next += 1
        place += 1
      } else if let last = star {
        star = (last.pattern, last.path + 1)
        (next, place) = (last.pattern, last.path + 1)
      } else {
        return false
      }
    }
    return bytes[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
