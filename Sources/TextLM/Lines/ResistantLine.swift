/// A straight line through points that a few wild ones do not move.
///
/// The slope is that between the medians of the left and the right third of the points; the intercept is
/// the median of what is left. Where both thirds have the same median place, the line goes through the
/// origin, with the median of all slopes.
///
/// Reference: John W. Tukey, "Exploratory Data Analysis", 1977, chapter 10.
struct ResistantLine: Equatable {
  /// Its height at 0.
  let intercept: Double
  /// By how much it rises for 1.
  let slope: Double

  /// A line through points from left to right. Requires one point, and places above 0.
  init(through points: [(place: Double, height: Double)]) {
    let third = max(1, points.count / 3)
    let (left, right) = (points.prefix(third), points.suffix(third))
    let width = Self.median(right.map(\.place)) - Self.median(left.map(\.place))
    guard width > 0 else {
      slope = Self.median(points.map { $0.height / $0.place })
      intercept = 0
      return
    }
    let slope = (Self.median(right.map(\.height)) - Self.median(left.map(\.height))) / width
    self.slope = slope
    intercept = Self.median(points.map { $0.height - slope * $0.place })
  }

  /// The middle one, or the mean of the two middle ones.
  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
