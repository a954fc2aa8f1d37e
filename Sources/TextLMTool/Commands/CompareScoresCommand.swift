import ArgumentParser
import TextLM

/// `textlm compare-scores`: tells whether one model predicts a text better than another.
struct CompareScoresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare-scores",
    abstract: "Tell whether one model predicts texts better than another.",
    discussion: """
      Both measure the same texts. The difference in bits per character is given with a 95 % interval \
      by a bootstrap over blocks of consecutive characters, which are drawn 5000 times with a fixed \
      seed. Where the interval is all on one side of 0, chance in the choice of the text does not explain the \
      difference; of fewer than \(ScoreComparison.fewestBlocks) blocks the interval is unsure, which is said. \
      Another training of the same model may differ by more: that it does not tell.
      """)

  /// What a row of the result is about.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case total
    case document
  }

  @Argument(help: ArgumentHelp("A model: a run's folder or a file.", valueName: "model-a"))
  var first: String

  @Argument(help: ArgumentHelp("The other model, of any units.", valueName: "model-b"))
  var second: String

  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts to measure; - or none for standard input.", valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "What gets a result of its own: all texts together, or each document.", valueName: "part"))
  var per: Part = .total

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Characters of a block. Longer ones take account of likeness over longer stretches, and leave \
      fewer to draw from. A document's blocks are its own.
      """, valueName: "n"))
  var blockLength = ScoreComparison.standardBlockLength

  @OptionGroup var precision: PrecisionOptions
  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    if blockLength < 1 || blockLength > 1 << 24 {
      throw ValidationError("--block-length is \(blockLength), but must be from 1 to \(1 << 24)")
    }
  }

  func run() throws {
    try shared.apply()
    let (first, second) = (try load(self.first), try load(self.second))
    shared.noteEngine(precision.forMeasuring)
    let rules = reading.rules(for: first)
    var all: [ScoreComparison.Block] = []
    var documentCount = 0
    for file in try TextInput.readAll(files.isEmpty ? ["-"] : files, rules, shared.output) {
      for notice in file.notices { shared.note("note: \(notice)") }
      let texts = try file.documents
      for (index, text) in texts.enumerated() {
        let name = file.name + (texts.count == 1 ? "" : ":\(index + 1)")
        let blocks = try ScoreComparison.blocks(
          of: text, first, second, blockLength: blockLength,
          includesEnd: rules.documents.separatesWithinFiles, precision: precision.forMeasuring)
        if per == .document {
          if documentCount > 0 && shared.format == .text { try Console.standardOutput("\n") }
          try show(ScoreComparison(blocks), document: name)
        }
        all += blocks
        documentCount += 1
      }
    }
    guard per == .total else { return }
    try show(ScoreComparison(all), document: nil)
  }

  private func load(_ path: String) throws -> TextModel {
    var options = ModelOptions()
    options.model = path
    return try options.load(shared.output)
  }

  private func show(_ result: ScoreComparison, document: String?) throws {
    switch shared.format {
    case .json:
      var row: JSONObject = ["first": JSONValue(first), "second": JSONValue(second)]
      if let document { row.append("document", JSONValue(document)) }
      row.append("block_length", JSONValue(blockLength))
      for member in result.json.members { row.append(member.key, member.value) }
      try Console.standardOutput(JSONValue.object(row).text(nonFinite: .null) + "\n")
    case .text:
      let interval = result.interval.map {
        "\(Numbers.fixed($0.lowerBound, 4)) to \(Numbers.fixed($0.upperBound, 4))"
      }
      let rows =
        (document.map { [("document", $0)] } ?? []) + [
          ("characters", Numbers.grouped(result.characterCount)),
          ("blocks", Numbers.grouped(result.blockCount)),
          ("bits of a", "\(Numbers.fixed(result.firstBits, 4))  \(first)"),
          ("bits of b", "\(Numbers.fixed(result.secondBits, 4))  \(second)"),
          ("b less a", Numbers.fixed(result.difference, 4)),
          (
            "95 % interval",
            interval ?? (result.blockCount == 0 ? "none: no text" : "none: a single block")
          ),
        ]
      for (label, value) in rows {
        let padding = String(repeating: " ", count: 20 - label.count)
        try Console.standardOutput(untrusted: label + padding + value)
        try Console.standardOutput("\n")
      }
      if let warning = result.warning { try Console.standardOutput("Warning: \(warning).\n") }
      try Console.standardOutput(untrusted: sentence(result))
      try Console.standardOutput("\n")
    }
  }

  /// The verdict in words.
  private func sentence(_ result: ScoreComparison) -> String {
    let bits = Numbers.fixed(abs(result.difference), 4)
    switch result.verdict {
    case .first: return "\(first) predicts better, by \(bits) bits per character."
    case .second: return "\(second) predicts better, by \(bits) bits per character."
    case .undecided where result.blockCount == 0:
      return "The texts are empty: there is nothing to compare by."
    case .undecided where result.interval == nil:
      return "A single block does not tell: give more text, or a smaller --block-length."
    case .undecided:
      return "The texts do not tell which predicts better: the interval has 0 in it."
    }
  }
}
