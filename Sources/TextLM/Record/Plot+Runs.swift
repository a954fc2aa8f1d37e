extension Plot {
  /// One run's curves of a metric.
  public init(_ record: RunRecord, _ metric: RunMetric, over axis: RunAxis = .steps) {
    var series = [Self.steps(record, metric, axis, name: metric == .loss ? "training" : "run")]
    if metric == .loss, !record.validationPoints().isEmpty {
      series.append(
        Series(
          name: "validation", points: record.validationPoints(over: axis), marks: .everywhere))
    }
    self.init(series, metric, axis)
  }

  /// Several runs' curves of a metric, one each: of the loss the validation loss, and the training
  /// loss of a run that has not been measured twice.
  public init(
    _ runs: [(name: String, record: RunRecord)], _ metric: RunMetric, over axis: RunAxis = .steps
  ) {
    let series = runs.map { run in
      let validation = run.record.validationPoints(over: axis)
      guard metric != .loss || validation.count < 2 else {
        return Series(name: run.name, points: validation, marks: .everywhere)
      }
      var series = Self.steps(run.record, metric, axis, name: run.name)
      series.marks = .some
      if metric == .loss { series.name += " (training)" }
      return series
    }
    self.init(series, metric, axis)
  }

  private init(_ series: [Series], _ metric: RunMetric, _ axis: RunAxis) {
    self.init(
      title: metric.title, axisName: axis.rawValue, series: series,
      mayCutBeginning: metric == .loss, mayBeLogarithmic: metric == .norm)
  }

  /// What single steps give, smoothed over a fiftieth of the run where it jumps from one to the
  /// next, and no more of it than can be seen.
  private static func steps(
    _ record: RunRecord, _ metric: RunMetric, _ axis: RunAxis, name: String
  ) -> Series {
    let points = record.points(of: metric, over: axis)
    let reach = metric == .rate ? 0 : points.count / 100
    return Series(name: name, points: points.smoothed(reach: reach).thinned(to: 400))
  }
}
