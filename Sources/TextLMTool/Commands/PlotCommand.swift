public import ArgumentParser
public import TextLM

/// `textlm plot`: shows the curves of trainings.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Show the learning curves of one or more runs.",
    discussion: """
      Of one run, the training and the validation loss; of several, the validation loss of each \
      under its name, so that they can be compared. Training losses are smoothed over a fiftieth \
      of the run, and the first steps may leave the frame. Runs may still be going on. --verbose \
      adds the best validation loss of each.
      """)

  @Argument(
    help: ArgumentHelp("The folders of runs, or their log.jsonl.", valueName: "run"))
  var runs: [String]

  @Option(
    help: """
      loss, rate (the learning rate), norm (of the gradients, before clipping) or speed (tokens \
      per second). The default is loss; a page of HTML has all of them.
      """)
  var metric: RunMetric?

  @Option(
    help: """
      Run over steps, epochs or seconds. The default is steps; seconds compare what different \
      sizes make of the same time.
      """)
  var over: RunAxis = .steps

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Columns in a terminal, its own or 80 by default; pixels of an SVG, 800 by default.",
      valueName: "n"))
  var width: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows in a terminal, 16 by default; pixels of an SVG, 450 by default.", valueName: "n"))
  var height: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write a picture (.svg) or a page of all metrics (.html) instead.", valueName: "file"))
  var output: String?

  @OptionGroup var replacing: OverwriteOptions

  @OptionGroup var options: OutputOptions

  private enum Form {
    case terminal
    case picture(path: String)
    case page(path: String)
  }

  func validate() throws {
    try replacing.checkUse(output, option: "-o")
    let form = try form()
    let least: (width: Int, height: Int)
    switch form {
    case .terminal: least = (TextPlot.leastColumns, TextPlot.leastRows)
    case .picture: least = (SVGPlot.leastWidth, SVGPlot.leastHeight)
    case .page:
      if width != nil || height != nil {
        throw ValidationError("a page of HTML fits its window: leave --width and --height away")
      }
      return
    }
    for (name, value, least) in [("--width", width, least.0), ("--height", height, least.1)] {
      if let value, !(least...10_000).contains(value) {
        throw ValidationError("\(name) is \(value), but must be from \(least) to 10000")
      }
    }
    if options.format == .json, output != nil {
      throw ValidationError("--format json goes to standard output: leave -o away")
    }
    if options.format == .json, width != nil || height != nil {
      throw ValidationError("--format json has no size: leave --width and --height away")
    }
  }

  func run() throws {
    try replacing.checkFree(output, option: "-o")
    let records = try zip(names, runs).map { name, path in
      (name: name, record: try RunRecord(contentsOf: path))
    }
    for run in records where run.record.steps.isEmpty {
      options.note("note: \(run.name) has taken no step yet")
    }
    if options.verbose {
      for run in records { noteBest(of: run.record, name: run.name) }
    }
    switch try form() {
    case .terminal:
      if options.format == .json { return try printPoints(records) }
      let drawing = TextPlot(
        columns: width ?? Console.outputColumns ?? 80, rows: height ?? 16,
        isColored: Console.outputIsTerminal && Environment.value("NO_COLOR") == nil)
      try Console.standardOutput(drawing.text(plot(records, metric ?? .loss)))
    case .picture(let path):
      let drawing = SVGPlot(width: width ?? 800, height: height ?? 450)
      try write(drawing.document(plot(records, metric ?? .loss)), to: path)
    case .page(let path):
      let metrics = metric.map { [$0] } ?? RunMetric.allCases
      let plots = metrics.map { plot(records, $0) }
      try write(PlotPage.html(title: names.joined(separator: ", "), plots), to: path)
    }
  }

  private func noteBest(of record: RunRecord, name: String) {
    guard let best = record.best else { return options.note("\(name): not measured yet") }
    options.note(
      "\(name): best validation \(Numbers.fixed(best.natsPerToken, 4)) nats per token after step "
        + "\(Numbers.grouped(best.step)), "
        + "\(Numbers.duration(best.elapsedSeconds))")
  }

  private func plot(_ records: [(name: String, record: RunRecord)], _ metric: RunMetric) -> Plot {
    if let only = records.first, records.count == 1 { return Plot(only.record, metric, over: over) }
    return Plot(records, metric, over: over)
  }

  private func write(_ text: String, to path: String) throws {
    try AtomicFile.replace(path, with: Array(text.utf8))
    options.note("written to \(path)")
  }

  /// All points as they are in the log, one object for each run and curve.
  private func printPoints(_ records: [(name: String, record: RunRecord)]) throws {
    for run in records {
      let metric = metric ?? .loss
      var curves = [(name: metric.rawValue, points: run.record.points(of: metric, over: over))]
      if metric == .loss {
        curves = [
          ("training", curves[0].points),
          ("validation", run.record.validationPoints(over: over)),
        ]
      }
      for curve in curves {
        let row: JSONValue = [
          "run": JSONValue(run.name), "curve": JSONValue(curve.name),
          "over": JSONValue(over.rawValue),
          "points": .array(curve.points.map { [JSONValue($0.x), JSONValue($0.y)] }),
        ]
        try Console.standardOutput(row.text() + "\n")
      }
    }
  }

  private func form() throws -> Form {
    guard let output else { return .terminal }
    if output.hasSuffix(".svg") { return .picture(path: output) }
    if output.hasSuffix(".html") { return .page(path: output) }
    throw ValidationError("--output is \(output), but must end with .svg or .html")
  }

  /// What the runs are called: their folders' names where these differ, and their paths otherwise.
  private var names: [String] {
    let short = runs.map { path in
      var parts = path.split(separator: "/").map(String.init)
      if parts.count > 1, parts.last == "log.jsonl" { parts.removeLast() }
      let name = parts.last ?? path
      return name.hasSuffix(".textlm") ? String(name.dropLast(7)) : name
    }
    return Set(short.map { Array($0.utf8) }).count == short.count ? short : runs
  }
}

extension RunMetric: ExpressibleByArgument {}
extension RunAxis: ExpressibleByArgument {}
