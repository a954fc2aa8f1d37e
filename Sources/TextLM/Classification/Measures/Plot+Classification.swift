extension Plot {
  /// The reliability curve: how often what was told came true, over the probability it was given, beside
  /// the line on which both are the same.
  public init(_ calibration: CalibrationCurve) {
    self.init(
      title: "How often it came true, by its probability", axisName: "probability",
      series: [
        Series(
          name: "measured",
          points: calibration.bins.filter { $0.count > 0 }.map {
            PlotPoint($0.confidence, $0.accuracy)
          }, marks: .everywhere),
        Series(name: "calibrated", points: Self.diagonal),
      ])
  }

  /// The ROC curve of a label, beside that of chance.
  public init(_ curve: ROCCurve, of label: String) {
    self.init(
      title: "Part of “\(label)” found, by the part of the others taken for it",
      axisName: "false positive rate",
      series: [
        Series(
          name: "area \(Numbers.fixed(curve.area, 4))", points: curve.points.thinned(to: 400)),
        Series(name: "chance 0.5", points: Self.diagonal),
      ])
  }

  private static let diagonal = [PlotPoint(0, 0), PlotPoint(1, 1)]
}
