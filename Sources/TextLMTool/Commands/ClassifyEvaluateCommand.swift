import ArgumentParser
import TextLM

/// `textlm classify evaluate`: measures a classifier at labelled texts.
struct ClassifyEvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a classifier at labelled texts.",
    discussion: """
      Accuracy comes with its 95 % interval, macro averages count each label the same, and the log \
      loss says how probable the truth was in the mean. --against compares with another classifier on \
      the same texts by McNemar's test: whether chance explains that one is right more often.
      """)

  @Argument(
    help: ArgumentHelp(
      "Files and folders with labelled texts; - for standard input.", valueName: "data"))
  var data: [String]

  @OptionGroup var model: ClassifierModelOptions

  @Option(
    help: ArgumentHelp(
      "Another classifier of the same labels to compare with: a folder or a file.",
      valueName: "path"))
  var against: String?

  @Flag(
    help: """
      Leave out texts with labels that the classifier does not know, and count them, instead of \
      refusing them.
      """)
  var skipUnknown = false

  @Option(
    help: ArgumentHelp(
      """
      Write a page with all measures, drawings, and the mistakes the classifier is surest of.
      """, valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "Write each text that got a wrong label, with all probabilities, as a JSON line.",
      valueName: "file"))
  var misclassified: String?

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup(title: "Labelled texts") var reading: LabelledDataOptions
  @OptionGroup var shared: SharedOptions

  private var results: [(option: String, path: String)] {
    [("--html", html), ("--misclassified", misclassified)].compactMap { option, path in
      path.map { (option, $0) }
    }
  }

  func validate() throws {
    if data.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    if results.allSatisfy({ $0.path == ResultPath.standardOutput }) {
      try replacing.checkUse(nil, option: "--html or --misclassified")
    }
    for (option, path) in results {
      if data.contains(path), path != ResultPath.standardOutput {
        throw ValidationError("\(option) is \(path), but must be another file than is read")
      }
    }
    if results.count == 2, results[0].path == results[1].path {
      throw ValidationError("--html and --misclassified are the same file")
    }
  }

  func run() throws {
    for (option, path) in results {
      try replacing.checkFree(path, option: option)
      try ResultPath.checkFolder(path)
    }
    try shared.apply()
    let classifier = try model.load(shared.output)
    let other = try against.map { try ClassifierModelOptions.load($0, shared.output) }
    if let other, let against, other.labels != classifier.labels {
      throw OptionError.value(
        option: "--against", value: against, allowed: "a classifier of the same labels")
    }
    let labelled = try reading.read(data, classifier.labels.kind, shared.output)
    let found = try ClassifierEvaluation(classifier, labelled, leavesUnknownOut: skipUnknown)
    for label in found.unknown { shared.note("warning: left out: unknown label \(label)") }
    let test = try other.map { other in
      let second = try ClassifierEvaluation(other, labelled, leavesUnknownOut: skipUnknown)
      return (McNemarTest(firstIsRight: found.isRight, secondIsRight: second.isRight), second)
    }
    try show(found.measures, test?.0, second: test?.1.measures)
    try write(found, classifier)
  }

  private func show(
    _ measures: ClassificationMeasures, _ test: McNemarTest?, second: ClassificationMeasures?
  ) throws {
    if shared.format == .json {
      var row: JSONObject = ["model": JSONValue(model.model)]
      for member in measures.json.members { row.append(member.key, member.value) }
      if let against, let test, let second {
        row.append("against", JSONValue(against))
        row.append(
          "against_accuracy", second.accuracy.map { JSONValue($0) } ?? .null)
        row.append("mcnemar", test.json)
      }
      return try Console.standardOutput(JSONValue.object(row).text(nonFinite: .null) + "\n")
    }
    var lines = measures.lines
    if let against, let test, let second {
      let accuracies = [measures, second].map { measures in
        measures.accuracy.map { Numbers.fixed($0, 4) } ?? "-"
      }
      let rows =
        [("accuracy of a", "\(accuracies[0])  \(model.model)")]
        + [("accuracy of b", "\(accuracies[1])  \(against)")] + test.rows
      lines.append("")
      lines += rows.map { label, value in
        label + String(repeating: " ", count: max(1, 22 - label.count)) + value
      }
      lines.append(sentence(test, against))
    }
    try Console.standardOutput(untrusted: lines.joined(separator: "\n") + "\n")
  }

  /// The verdict in words.
  private func sentence(_ test: McNemarTest, _ against: String) -> String {
    switch test.verdict {
    case .first: "\(model.model) is right more often, and chance does not explain it."
    case .second: "\(against) is right more often, and chance does not explain it."
    case .undecided: "The texts do not tell which is right more often."
    }
  }

  private func write(_ found: ClassifierEvaluation, _ classifier: TextClassifier) throws {
    if let misclassified {
      var bytes: [UInt8] = []
      for mistake in found.mistakes {
        bytes += try JSONValue.object(mistake.json).serialized(nonFinite: .null)
        bytes.append(UInt8(ascii: "\n"))
      }
      try ResultPath.write(bytes, to: misclassified)
      if misclassified != ResultPath.standardOutput {
        shared.note("\(misclassified): \(Numbers.grouped(found.mistakes.count)) texts")
      }
    }
    if let html {
      let report = ClassificationReport(
        title: "\(model.model) at \(data.joined(separator: ", "))", measures: found.measures,
        mistakes: try classifier.explained(found.mistakes), card: classifier.card)
      try ResultPath.write(Array(try report.html().utf8), to: html)
      if html != ResultPath.standardOutput { shared.note("\(html): the page") }
    }
  }
}
