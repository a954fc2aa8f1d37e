#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes tokens less likely that would go on with a repetition, the more so the longer it is.
///
/// If the text ends with m tokens that it had before, followed there by the token, and m >= a:
/// z ← z − λ · b^(m − a), with the greatest m of the token. A repetition does not reach over a
/// breaker. On characters a is many and b small: of a in words the five-letter English word makes
/// about six times as many characters, and of b the sixth root.
///
/// Reference: Philipp Emanuel Weidmann, "DRY: A modern repetition penalty that reliably prevents
/// looping", 2024.
public struct DRY: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "dry"
  /// The greatest λ and the greatest b; at λ = 100 not even the shortest repetition is ever likely.
  public static let limit = 100.0
  /// The greatest penalty: beyond any difference of logits, and a number.
  private static let penaltyLimit = 1e4

  /// λ.
  public let multiplier: Double
  /// b.
  public let base: Double
  /// a, in tokens.
  public let allowedLength: Int
  /// How many of the last tokens are searched.
  public let window: Int
  private let breakers: Set<TokenID>

  /// Throws `SamplingError` for numbers outside their ranges: λ above 0 and at most 100, b from 1 to
  /// 100, a and the window from 1.
  public init(
    multiplier: Double, base: Double, allowedLength: Int, window: Int,
    breakers: Set<TokenID> = []
  ) throws(SamplingError) {
    guard multiplier > 0, multiplier <= Self.limit else {
      throw .outOfRange(
        name: "dry", value: "\(multiplier)", allowed: "a number above 0 and at most 100")
    }
    guard base >= 1, base <= Self.limit else {
      throw .outOfRange(name: "dry-base", value: "\(base)", allowed: "a number from 1 to 100")
    }
    for (name, value) in [("dry-length", allowedLength), ("dry-window", window)] where value < 1 {
      throw .outOfRange(name: name, value: "\(value)", allowed: "a whole number from 1 up")
    }
    self.multiplier = multiplier
    self.base = base
    self.allowedLength = allowedLength
    self.window = window
    self.breakers = breakers
  }

  /// Subtracts.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    // Newest first, so that what the text ends with is what the array begins with.
    let tokens = Array(context.last(window).reversed())
    let reach = tokens.firstIndex(where: breakers.contains) ?? tokens.count
    guard reach >= allowedLength else { return }
    var longest: [TokenID: Int] = [:]
    let matches = Self.matchLengths(tokens)
    for place in 1..<max(1, tokens.count) {
      // The token that followed the sequence which ends at `place`.
      let follower = tokens[place - 1]
      let length = min(matches[place], reach)
      if length >= allowedLength, !breakers.contains(follower) {
        longest[follower] = max(longest[follower, default: 0], length)
      }
    }
    for (token, length) in longest {
      let penalty = multiplier * pow(base, Double(length - allowedLength))
      logits[Int(token)] -= Float(min(penalty, Self.penaltyLimit))
    }
  }

  /// For each place, how many tokens from it on are the same as those from 0 on: the Z function, in
  /// linear time.
  ///
  /// Reference: Dan Gusfield, "Algorithms on Strings, Trees and Sequences", 1997.
  static func matchLengths(_ tokens: [TokenID]) -> [Int] {
    var lengths = [Int](repeating: 0, count: tokens.count)
    var (start, end) = (0, 0)
    for place in 1..<max(1, tokens.count) {
      var length = place < end ? min(end - place, lengths[place - start]) : 0
      while place + length < tokens.count, tokens[length] == tokens[place + length] { length += 1 }
      lengths[place] = length
      if place + length > end { (start, end) = (place, place + length) }
    }
    return lengths
  }
}
