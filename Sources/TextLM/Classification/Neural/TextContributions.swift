/// How much each token of a text has to do with what a classifier says of it.
public struct TextContributions: Sendable, Equatable {
  /// The bytes of the text that each token stands for, in UTF-8 and in their order.
  public let ranges: [Range<Int>]
  /// A number for each token.
  public let values: [Double]

  /// A number for each character, as Swift counts them: that of its tokens together, or of the token that
  /// it is a part of.
  public func perCharacter(of text: String) -> [Double] {
    var (next, end) = (0, 0)
    return text.map { character in
      end += character.utf8.count
      var sum: Double?
      while next < ranges.count, ranges[next].lowerBound < end {
        sum = (sum ?? 0) + values[next]
        next += 1
      }
      return sum ?? (next > 0 && ranges[next - 1].upperBound >= end ? values[next - 1] : 0)
    }
  }
}
