import ArgumentParser
import TextLM

/// What the commands that train several models on one text have in common.
struct SeriesOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts, also compressed with gzip; - for standard input.",
      valueName: "corpus"))
  var corpus: [String]

  @Flag(help: "Go on with what was begun in the output folder.")
  var resume = false

  @Flag(help: "Replace what is in the output folder already.")
  var overwrite = false

  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup(title: "Text") var text: TextOptions
  @OptionGroup(title: "Preparation of the text") var preparation: PreparationOptions
  @OptionGroup(title: "Units") var units: UnitOptions

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite cannot be given together")
    }
    if corpus.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    if !resume { try units.checkLocale(of: preparation) }
  }

  /// Refuses a `--budget` that is no time.
  static func check(budget: String) throws {
    guard Numbers.seconds(budget).map({ $0 <= 365 * 86400 }) ?? false else {
      throw ValidationError(
        "--budget is \(budget), but must be a time such as 75s, 30m or 2h, and at most 365d")
    }
  }

  /// The texts, read by `stored` rules where what was begun goes on.
  func files(
    _ stored: () throws -> ReadingRules, _ output: OutputOptions
  ) throws -> (corpus: [CorpusFile], validation: [CorpusFile]) {
    let rules = resume ? try stored() : reading.rules()
    return (
      try TextInput.readAll(corpus, rules, output),
      try TextInput.readAll(text.validation.map { [$0] } ?? [], rules, output)
    )
  }

  /// How the texts are cut, for batches of such a shape.
  func data(
    _ validationFiles: [CorpusFile], batchSize: Int, sequenceLength: Int
  ) throws -> TrainingData.Options {
    TrainingData.Options(
      split: try text.split(validationFiles), batchSize: batchSize,
      sequenceLength: sequenceLength,
      preparation: try preparation.preparation(newlines: reading.rules().newlines),
      segmenter: try units.segmenter(locale: preparation.locale ?? ""),
      vocabulary: try units.rule())
  }

  /// Refuses options that say something else than what was begun with.
  func refuseChanges(to settings: RunSettings) throws -> JSONField {
    let stored = JSONField(settings.json, path: "run")
    for wish in reading.fixed + text.fixed + preparation.fixed + units.fixed {
      try wish.check(stored)
    }
    return stored
  }
}
