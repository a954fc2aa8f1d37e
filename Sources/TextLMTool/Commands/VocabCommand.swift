import ArgumentParser
import TextLM

/// `textlm vocab`: shows the characters or other units of a text or a model.
struct VocabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Show which characters a text has or a model knows, and what is odd about them.",
    discussion: """
      The table has a row for each unit: its code points, how often it occurs and which part of \
      the text that is, its script and its name in Unicode. The summary below it counts scripts and \
      characters worth a second look, and says what could be done.

      --export writes the vocabulary for Hugging Face's tokenizers, with the same numbers.
      """)

  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts, or one model: a run's folder or a file. - is standard input.",
      valueName: "corpus|model"))
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      The order of the table: count, the most frequent first; codepoint; or a language such as sv, \
      whose dictionaries' order it is then.
      """, valueName: "order"))
  var sort = "count"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show at most so many rows; 0, the default, for all.", valueName: "n"))
  var top = 0

  @Option(
    help: ArgumentHelp(
      "Write the vocabulary to this file, as a tokenizer.json.", valueName: "tokenizer.json"))
  var export: String?

  @OptionGroup var replacing: OverwriteOptions

  @Option(
    name: .customLong("import"),
    help: ArgumentHelp(
      "Show the vocabulary in a file that --export wrote, instead of a text's or a model's.",
      valueName: "tokenizer.json"))
  var importPath: String?

  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup(title: "Units") var units: UnitOptions
  @OptionGroup(title: "Preparation of the text") var preparation: PreparationOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if inputs.isEmpty == (importPath == nil) {
      throw ValidationError("give texts, a model or --import, and only one of them")
    }
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    try units.checkLocale(of: preparation)
    try replacing.checkUse(export, option: "--export")
    if top < 0 { throw ValidationError("--top is \(top), but must be 0 or more") }
    do throws(TextError) {
      _ = try VocabularyOrder(sort)
    } catch {
      throw ValidationError(
        "--sort is \(sort), but must be count, codepoint or a locale such as sv")
    }
  }

  func run() throws {
    try replacing.checkFree(export, option: "--export")
    let tokenizer = try tokenizer()
    if let export { try TokenizerFile.write(tokenizer, to: export) }
    let view = try VocabularyView(tokenizer.vocabulary, order: VocabularyOrder(sort), top: top)
    switch output.format {
    case .json: try Console.standardOutput(view.json.text() + "\n")
    case .text: try Console.standardOutput(view.text(notes: !output.quiet))
    }
  }

  /// The tokenizer of what was given.
  private func tokenizer() throws -> Tokenizer {
    let isModel = try inputs.count == 1 && inputs[0] != "-" && TextModel.isModel(at: inputs[0])
    if importPath != nil || isModel {
      if let wrong = (reading.fixed + units.fixed + preparation.fixed).first {
        throw OptionError.value(
          option: wrong.name, value: "given", allowed: "left away: the vocabulary exists already")
      }
      if let importPath { return try TokenizerFile.read(importPath) }
      return try Tokenizer(vocabularyAt: inputs[0])
    }
    let segmenter = try units.segmenter(locale: preparation.locale ?? "")
    var counts = UnitCounts()
    let rules = reading.rules()
    let prepared = try preparation.preparation(newlines: rules.newlines)
    for input in inputs {
      try TextInput.forEachText(input, rules, output) { _, read in
        try read(false) { counts.add(prepared.prepare($0.text), segmenter: segmenter) }
      }
    }
    if counts.droppedCount > 0 {
      output.note(
        "note: more than \(Numbers.grouped(UnitCounts.sequenceLimit)) different units: "
          + "\(Numbers.grouped(counts.droppedCount)) rare ones were let go")
    }
    let vocabulary = try Vocabulary(
      counts: counts, kind: type(of: segmenter).kind, rule: units.rule())
    if vocabulary.unitCount < counts.distinctCount, units.vocabulary == nil {
      output.note(
        "\(Numbers.grouped(vocabulary.unitCount)) of \(Numbers.grouped(counts.distinctCount)) "
          + "units are kept")
    }
    return try Tokenizer(preparation: prepared, segmenter: segmenter, vocabulary: vocabulary)
  }
}
