import ArgumentParser
import TextLM

extension ScoreCommand {
  /// The option that has each line measured by itself; nil where none is given.
  var lineOption: String? {
    if anomalies.anomaly { return "--anomaly" }
    if nbest.nbest != nil { return "--nbest" }
    return shared.form == .kenlm ? "--format kenlm" : nil
  }

  /// Refuses what does not go with lines that are measured each by itself.
  func validateLines() throws {
    guard let option = lineOption else { return }
    let others = [
      ("--nbest", option != "--nbest" && nbest.nbest != nil),
      ("--format kenlm", option != "--format kenlm" && shared.form == .kenlm),
      ("--format json", option == "--nbest" && shared.form == .json),
      ("--calibration", calibration), ("--novelty", novelty),
      ("--interpolate", interpolation.isWanted), ("--cache", adaptation.cache),
      ("--dynamic", adaptation.dynamic), ("--context", contextOptions.context != nil),
      ("--exact", contextOptions.exact), ("--text-field", jsonLines.textField != nil),
      ("--per \(per.rawValue)", option != "--format kenlm" && per != .total),
    ]
    if let other = others.first(where: { $0.1 }) {
      throw ValidationError(
        "\(option) measures each line by itself, and \(other.0) does not: leave one out")
    }
    if let documents = reading.documents, DocumentRule(documents) != .line {
      throw ValidationError(
        "\(option) measures each line by itself, not --documents \(documents): leave one out")
    }
    if option == "--format kenlm", per == .word || per == .document {
      throw ValidationError(
        "--format kenlm has --per token, line and total, not --per \(per.rawValue): what the model "
          + "predicts is tokens")
    }
    let paths = option == "--nbest" ? [nbest.nbest ?? "-"] : files.isEmpty ? ["-"] : files
    if option == "--nbest", !files.isEmpty {
      throw ValidationError("--nbest names the file that is read: leave \(files[0]) away")
    }
    if anomalies.anomalyFrom == "-", paths.contains("-") {
      throw ValidationError("standard input (-) can be given only once")
    }
    let isStream = option == "--nbest" || paths.contains("-") || anomalies.anomalyFrom == "-"
    guard isStream else { return }
    let readings = [
      ("--encoding", reading.bytes.encoding != nil), ("--invalid", reading.bytes.invalid != nil),
      ("--newlines", option == "--nbest" && reading.newlines != nil),
    ]
    if let other = readings.first(where: { $0.1 }) {
      throw ValidationError(
        "\(option) reads \(option == "--nbest" ? "lists" : "standard input") as UTF-8 line by line: "
          + "leave \(other.0) away")
    }
  }

  /// Prints what such an option asks for.
  func printLines(_ model: TextModel) throws {
    let rules = reading.rules(for: model)
    let scorer = LineScorer(
      model, linesAreDocuments: reading.documents == nil ? nil : true,
      condition: contextOptions.before, precision: precision.forMeasuring)
    if anomalies.anomaly { return try printAnomalies(scorer, rules) }
    // What other programs print has no place for it.
    try shared.note("signature: " + signature(scorer))
    if let path = nbest.nbest { return try printLists(scorer, path) }
    try printAsKenLM(scorer, rules)
  }

  private func printLists(_ scorer: LineScorer, _ path: String) throws {
    var rescorer = NBestRescorer(
      scorer, nbest.rules, source: path == "-" ? "standard input" : path)
    // A row is never so long; what is longer is no list.
    try TextInput.forEachLines(ofStream: path, longest: 1 << 24, shared.output) { rows in
      try Self.print(try rescorer.add(rows))
    }
    try Self.print(try rescorer.finish())
  }

  private func printAsKenLM(_ scorer: LineScorer, _ rules: ReadingRules) throws {
    var report = KenLMReport(scorer.model)
    for path in files.isEmpty ? ["-"] : files {
      try TextInput.forEachLines(path, rules, shared.output) { _, pieces in
        let lines = scorer.scores(pieces.map { rules.newlines.apply(to: $0.text) })
        let rows = lines.map { report.add($0, withTokens: per == .token) }
        if per != .total { try Self.print(rows) }
      }
    }
    if per == .total { try Self.print(report.summary) }
  }

  /// Prints lines at once.
  private static func print(_ lines: [String]) throws {
    guard !lines.isEmpty else { return }
    try Console.standardOutput(untrusted: lines.joined(separator: "\n") + "\n")
  }
}
