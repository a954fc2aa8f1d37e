/// A point of a curve.
public struct PlotPoint: Sendable, Equatable {
  /// To the right.
  public var x: Double
  /// Upwards.
  public var y: Double

  /// A point at a place.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// A point at a place that can be shown; nil where it cannot.
  init?(finite x: Double, _ y: Double) {
    self.init(x, y)
    guard isShowable else { return nil }
  }

  /// Whether both are numbers, and small enough to be subtracted from each other.
  var isShowable: Bool { abs(x) <= 1e300 && abs(y) <= 1e300 }
}

extension [PlotPoint] {
  /// Each value as the mean of those around it: a window of `2 * reach + 1` points, fewer at the
  /// ends.
  public func smoothed(reach: Int) -> [PlotPoint] {
    guard reach > 0 else { return self }
    var sums = [0.0]
    sums.reserveCapacity(count + 1)
    for point in self { sums.append(sums[sums.count - 1] + point.y) }
    return indices.map { index in
      let (first, end) = (Swift.max(0, index - reach), Swift.min(count, index + reach + 1))
      return PlotPoint(self[index].x, (sums[end] - sums[first]) / Double(end - first))
    }
  }

  /// At most about `limit` of the points, evenly, with the first and the last.
  public func thinned(to limit: Int) -> [PlotPoint] {
    guard count > limit, limit > 1 else { return self }
    return (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
  }
}
