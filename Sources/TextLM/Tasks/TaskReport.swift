/// The file `report.html` of a task's training: curves, what was measured, and how it was set.
struct TaskReport {
  let run: TaskRun
  let evaluations: [TaskEvaluation]
  let best: TaskEvaluation?
  /// Where the encoder looked while it read one sequence.
  let maps: [HeatMap]

  private var task: any SyntheticTask { run.settings.task }

  /// The page.
  func html() throws -> String {
    let kind = type(of: run.settings.architecture)
    return PlotPage.html(
      title: "\(type(of: task).name) with \(kind.name)",
      body: summary + curves + memory + (try settingsTable))
  }

  private var summary: String {
    let words = MarkupText.escaped(
      "To \(type(of: task).summary). Solved is \(task.goal.text), on sequences of up to "
        + "\(task.lengths.upperBound) \(type(of: task).lengthUnit).")
    guard let best else { return "<p>\(words)</p>\n" }
    let (value, longer) = (task.goal.value(best.trained), task.goal.value(best.longer))
    return "<p>\(words)</p>\n<p>The best after step \(Numbers.grouped(best.step)): "
      + "<strong>\(Numbers.significant(value)) \(task.goal.valueName)</strong>, and "
      + "\(Numbers.significant(longer)) at \(best.longer.length) "
      + "\(type(of: task).lengthUnit).</p>\n"
  }

  private var curves: String {
    func series(_ name: String, _ value: (TaskEvaluation) -> Double?) -> Plot.Series {
      Plot.Series(
        name: name,
        points: evaluations.compactMap { evaluation in
          value(evaluation).map { PlotPoint(Double(evaluation.step), $0) }
        })
    }
    let lengths = [task.lengths.upperBound, task.testLength].map {
      "\($0) \(type(of: task).lengthUnit)"
    }
    let plots = [
      Plot(
        title: task.goal.valueName, axisName: "step",
        series: [
          series("up to \(lengths[0])") { task.goal.value($0.trained) },
          series(lengths[1]) { task.goal.value($0.longer) },
        ], mayBeLogarithmic: true),
      Plot(
        title: "loss", axisName: "step",
        series: [
          series("training") { $0.trainingLoss },
          series("up to \(lengths[0])") { $0.trained.meanLoss },
          series(lengths[1]) { $0.longer.meanLoss },
        ], mayBeLogarithmic: true),
    ]
    let figures = plots.map { "<figure>\n\(SVGPlot().element($0))</figure>\n" }
    return "<h2>Curves</h2>\n<div class=\"plots\">\n\(figures.joined())</div>\n"
  }

  private var memory: String {
    guard !maps.isEmpty else { return "" }
    let figures = maps.map { "<figure>\n\(SVGPlot().element($0))</figure>\n" }
    return "<h2>Where it looks, reading one sequence</h2>\n<div class=\"plots\">\n"
      + "\(figures.joined())</div>\n"
  }

  private var settingsTable: String {
    get throws {
      "<h2>Settings</h2>\n" + (try run.settings.json.htmlTable())
    }
  }
}
