import TextLM

/// Answers texts and prints it, a line each.
struct PredictionWriter {
  private let classifier: TextClassifier
  private let format: OutputFormat
  private let top: Int?
  private let screen: ShadedTextScreen?
  /// Characters of a text that are explained at most.
  private let explainedLength: Int

  /// A writer of the likeliest `top` labels, or of those that a text gets.
  init(
    _ classifier: TextClassifier, format: OutputFormat, top: Int?, explains: Bool
  ) throws {
    self.classifier = classifier
    self.format = format
    self.top = top
    screen = explains ? try Console.screen() : nil
    explainedLength = classifier.quicklyExplainedLength ?? .max
  }

  /// Answers some texts, each with the number of its line.
  func write(_ texts: [(line: Int, text: String)]) throws {
    // An explanation takes its time, and is shown when it is there.
    let portion = screen == nil ? max(1, texts.count) : 1
    for start in stride(from: 0, to: texts.count, by: portion) {
      try writeTogether(texts[start..<min(start + portion, texts.count)])
    }
  }

  private func writeTogether(_ texts: ArraySlice<(line: Int, text: String)>) throws {
    let full = texts.filter { !Self.isBlank($0.text) }
    var predictions = try classifier.predict(full.map(\.text)).makeIterator()
    var output = ""
    for (line, text) in texts {
      let prediction = Self.isBlank(text) ? nil : predictions.next()
      switch format {
      case .json: output += try row(line, text, prediction).text(nonFinite: .null) + "\n"
      case .text:
        output += (prediction.map(cells) ?? "") + "\n"
        if let screen, let prediction, let shaded = try shaded(text, prediction) {
          output += screen.text(shaded)
          if let note = shortened(text, to: explainedPart(of: text)) {
            output +=
              "(explained: the first \(Numbers.grouped(note.explained)) of "
              + "\(Numbers.grouped(note.all)) characters)\n"
          }
        }
      }
    }
    if screen == nil {
      try Console.standardOutput(untrusted: output)
    } else {
      // It has colours, and control characters of the text are shown as signs.
      try Console.standardOutput(output)
    }
  }

  private static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  private func cells(_ prediction: TextPrediction) -> String {
    let all =
      top.map { Array(prediction.ranked.prefix($0)) }
      ?? prediction.toldIndices.map {
        (prediction.labels.names[$0], prediction.probabilities[$0])
      }
    if all.isEmpty { return "-" }
    return all.map { "\(TerminalText.visible($0.0))\t\(Numbers.fixed($0.1, 4))" }
      .joined(separator: "\t")
  }

  private func row(
    _ line: Int, _ text: String, _ prediction: TextPrediction?
  ) throws -> JSONValue {
    var row: JSONObject = ["line": JSONValue(line)]
    guard let prediction else {
      let isSeveral = classifier.labels.kind == .multiple
      row.append(isSeveral ? "labels" : "label", .null)
      row.append("probabilities", .null)
      return .object(row)
    }
    for member in prediction.json(limit: top).members { row.append(member.key, member.value) }
    if screen != nil {
      let index = prediction.foremostIndex
      let beginning = explainedPart(of: text)
      row.append("explained", JSONValue(prediction.labels.names[index]))
      row.append(
        "contributions",
        try classifier.contributions(in: beginning, to: index).map {
          .array($0.map { JSONValue($0) })
        } ?? .null)
      if let note = shortened(text, to: beginning) {
        row.append("explained_characters", JSONValue(note.explained))
        row.append("characters", JSONValue(note.all))
      }
    }
    return .object(row)
  }

  private func shaded(_ text: String, _ prediction: TextPrediction) throws -> ShadedText? {
    let index = prediction.foremostIndex
    let name = prediction.labels.names[index]
    let beginning = explainedPart(of: text)
    return try classifier.contributions(in: beginning, to: index).map {
      ShadedText(beginning, contributions: $0, told: name, truth: "unknown")
    }
  }

  /// What of a text is explained, by itself: its beginning.
  private func explainedPart(of text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(explainedLength)))
  }

  /// How many characters are explained and how many there are; nil where it is all.
  private func shortened(
    _ text: String, to beginning: String
  ) -> (explained: Int, all: Int)? {
    guard beginning.utf8.count < text.utf8.count else { return nil }
    return (beginning.unicodeScalars.count, text.unicodeScalars.count)
  }
}
