/// Curves over a common axis, ready to be drawn as text or as SVG.
public struct Plot: Sendable, Equatable {
  /// A curve.
  public struct Series: Sendable, Equatable {
    /// Where a curve carries its mark.
    public enum Marks: Sendable, Equatable {
      /// Nowhere.
      case none
      /// At every point, because each is a measurement.
      case everywhere
      /// Here and there, to tell the curve from others where there are no colours.
      case some
    }

    /// What the legend calls it.
    public var name: String
    /// Its points from left to right; all are finite.
    public private(set) var points: [PlotPoint]
    /// Where it carries its mark.
    public var marks: Marks

    /// A curve of these parts; points that are not finite are left out.
    public init(name: String, points: [PlotPoint], marks: Marks = .none) {
      self.name = name
      self.points = points.filter(\.isShowable)
      self.marks = marks
    }
  }

  /// What is shown.
  public var title: String
  /// What the curves run over.
  public var axisName: String
  /// The curves.
  public var series: [Series]
  /// Whether what comes first may leave the frame: the first steps of a training fall so deep that
  /// nothing else would be seen.
  public var mayCutBeginning: Bool
  /// Whether values that spread over more than a decade are shown by their logarithm.
  public var mayBeLogarithmic: Bool

  /// A plot of these parts.
  public init(
    title: String, axisName: String, series: [Series], mayCutBeginning: Bool = false,
    mayBeLogarithmic: Bool = false
  ) {
    self.title = title
    self.axisName = axisName
    self.series = series
    self.mayCutBeginning = mayCutBeginning
    self.mayBeLogarithmic = mayBeLogarithmic
  }

  /// Whether there is nothing to show.
  public var isEmpty: Bool { series.allSatisfy(\.points.isEmpty) }

  private var points: [PlotPoint] { series.flatMap(\.points) }

  /// The scale to the right, with about `tickCount` ticks.
  func horizontalScale(tickCount: Int) -> AxisScale {
    AxisScale(points.lazy.map(\.x), tickCount: tickCount, padding: 0)
  }

  /// The scale upwards, with about `tickCount` ticks.
  func verticalScale(tickCount: Int) -> AxisScale {
    let points = points
    var shown = points.map(\.y)
    if mayCutBeginning, let first = points.map(\.x).min(), let last = points.map(\.x).max() {
      // Of a short curve everything is the beginning.
      let rest = points.filter { $0.x >= first + 0.05 * (last - first) }
      if rest.count > 20 { shown = rest.map(\.y) }
    }
    let isSpread = (shown.min() ?? 0) > 0 && (shown.max() ?? 0) > 20 * (shown.min() ?? 0)
    return AxisScale(
      shown, tickCount: tickCount, padding: 0.04, isLogarithmic: mayBeLogarithmic && isSpread)
  }
}
