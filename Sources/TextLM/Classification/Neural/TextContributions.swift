/// How much each token of a text has to do with what a classifier says of it.
public struct TextContributions: Sendable, Equatable {
  /// The bytes of the text that each token stands for, in UTF-8 and in their order.
  public let ranges: [Range<Int>]
  /// A number for each token.
  public let values: [Double]

  /// Contributions of tokens, with a number for each range.
  public init(ranges: [Range<Int>], values: [Double]) {
    require(
      ranges.count == values.count,
      "contributions: \(values.count) numbers for \(ranges.count) tokens")
    self.ranges = ranges
    self.values = values
  }

  /// A number for each Unicode scalar: that of its token, or of its tokens together where it is spelled in
  /// several.
  public func perScalar(of text: String) -> [Double] {
    var (next, end) = (0, 0)
    return text.unicodeScalars.map { scalar in
      end += UTF8.width(scalar)
      var sum: Double?
      while next < ranges.count, ranges[next].lowerBound < end {
        sum = (sum ?? 0) + values[next]
        next += 1
      }
      return sum ?? (next > 0 && ranges[next - 1].upperBound >= end ? values[next - 1] : 0)
    }
  }
}
