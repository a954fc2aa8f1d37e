import TextLM

extension ScoreCommand {
  /// Learns from normal lines what is too much, and prints the lines that cost it.
  func printAnomalies(_ scorer: LineScorer, _ rules: ReadingRules) throws {
    let normal = anomalies.anomalyFrom ?? "-"
    var normalLines: [(characterCount: Int, nats: Double)] = []
    try forEachLine(normal, scorer, rules) { _, line in
      normalLines.append((line.characterCount, line.nats))
    }
    let rule = try AnomalyRule(normalLines: normalLines, rate: anomalies.anomalyRate ?? 0.01)
    normalLines = []
    try show(rule, learnedFrom: normal, signature(scorer))
    var (lineCount, foundCount) = (0, 0)
    for path in files.isEmpty ? ["-"] : files {
      try forEachLine(path, scorer, rules) { name, line in
        lineCount += 1
        guard rule.isAnomaly(characterCount: line.characterCount, nats: line.nats) else { return }
        foundCount += 1
        try show(line, of: name, limit: rule.limit(characterCount: line.characterCount))
      }
    }
    switch shared.format {
    case .json:
      let row: JSONValue = ["lines": JSONValue(lineCount), "anomalies": JSONValue(foundCount)]
      try Console.standardOutput(try row.text() + "\n")
    case .text:
      let share = lineCount == 0 ? 0 : 100 * Double(foundCount) / Double(lineCount)
      shared.note(
        "\(Numbers.grouped(foundCount)) of \(Numbers.grouped(lineCount)) lines "
          + "(\(Numbers.fixed(share, 2)) %); of normal ones at most "
          + "\(Numbers.significant(100 * rule.rate)) % are expected")
    }
  }

  private func forEachLine(
    _ path: String, _ scorer: LineScorer, _ rules: ReadingRules,
    _ body: (_ name: String, _ line: LineMeter.Cost) throws -> Void
  ) throws {
    var meter = LineMeter(scorer, newlines: rules.newlines)
    try TextInput.forEachLines(path, rules, shared.output) { name, pieces in
      for line in meter.read(pieces) { try body(name, line) }
    }
  }

  private func show(_ rule: AnomalyRule, learnedFrom path: String, _ signature: String) throws {
    switch shared.format {
    case .json:
      var row: JSONObject = ["anomaly_from": JSONValue(path)]
      for member in rule.members { row.append(member.0, member.1) }
      row.append("signature", JSONValue(signature))
      try Console.standardOutput(JSONValue.object(row).text(nonFinite: .null) + "\n")
    case .text:
      let limits = [10, 30, 100, 300].map { count in
        "\(Numbers.fixed(rule.limit(characterCount: count), 3)) of \(count)"
      }
      let rows = [
        ("normal lines", "\(Numbers.grouped(rule.lineCount)) of \(path)"),
        ("false alarms", "\(Numbers.significant(100 * rule.rate)) %"),
        ("nats per character", limits.joined(separator: ", ") + " characters"),
        ("signature", signature),
      ]
      for (label, value) in rows {
        let padding = String(repeating: " ", count: 20 - label.count)
        try Console.standardOutput(untrusted: label + padding + value + "\n")
      }
    }
  }

  private func show(_ line: LineMeter.Cost, of name: String, limit: Double) throws {
    switch shared.format {
    case .json:
      let row: JSONValue = [
        "document": JSONValue(name), "line": JSONValue(line.number), "text": JSONValue(line.text),
        "characters": JSONValue(line.characterCount), "nats": JSONValue(line.nats),
        "nats_per_character": JSONValue(line.natsPerCharacter), "limit": JSONValue(limit),
      ]
      try Console.standardOutput(row.text(nonFinite: .null) + "\n")
    case .text:
      let place = files.count > 1 ? "\(name):\(line.number)" : "\(line.number)"
      let cost = Numbers.fixed(line.natsPerCharacter, 3)
      try Console.standardOutput(untrusted: "\(place)\t\(cost)\t\(line.text)\n")
    }
  }
}
