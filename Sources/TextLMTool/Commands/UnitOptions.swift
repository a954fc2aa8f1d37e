import ArgumentParser
import TextLM

/// What a token is, and which of them are in the vocabulary.
struct UnitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What a token is: codepoint; grapheme, what a reader takes for a character; byte; or word. A \
      longer unit makes texts shorter and vocabularies larger.
      """, valueName: "name"))
  var unit = "codepoint"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units that occur less often are spelled in bytes: a smaller model, longer spellings.",
      valueName: "n"))
  var minCount = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep at most so many units, the most frequent; the rest is spelled in bytes.",
      valueName: "n"))
  var maxVocabulary: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Keep the most frequent units that make up this part of the text, such as 0.9995; the rest is \
      spelled in bytes. The default is 1.
      """, valueName: "part"))
  var coverage = 1.0

  @Option(
    help: ArgumentHelp(
      """
      Take the vocabulary of this model or tokenizer.json as it is, instead of making one of the \
      text: for models whose tokens are to be the same.
      """, valueName: "file"))
  var vocabulary: String?

  func validate() throws {
    do throws(TextError) {
      _ = try segmenter(locale: "")
    } catch {
      throw ValidationError("\(error)")
    }
    if minCount < 1 { throw ValidationError("--min-count is \(minCount), but must be 1 or more") }
    if let maxVocabulary, maxVocabulary < 1 {
      throw ValidationError("--max-vocabulary is \(maxVocabulary), but must be 1 or more")
    }
    if !(coverage > 0 && coverage <= 1) {
      throw ValidationError("--coverage is \(coverage), but must be above 0 and at most 1")
    }
    if vocabulary != nil && (minCount != 1 || maxVocabulary != nil || coverage != 1) {
      throw ValidationError(
        "--vocabulary cannot be given with --min-count, --max-vocabulary or --coverage: it is "
          + "taken as it is")
    }
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--unit", unit == "codepoint" ? nil : .word(unit), "unit"),
      FixedOption("--min-count", minCount == 1 ? nil : .number(Double(minCount)), "minimum_count"),
      FixedOption(
        "--max-vocabulary", maxVocabulary.map { .number(Double($0)) }, "maximum_unit_count"),
      FixedOption("--coverage", coverage == 1 ? nil : .number(coverage), "coverage"),
      FixedOption("--vocabulary", vocabulary.map { _ in .flag }, "frozen_vocabulary"),
    ].compactMap { $0 }
  }

  /// What cuts text into units.
  func segmenter(locale: String) throws(TextError) -> any Segmenter {
    try SegmenterRegistry.builtIn.segmenter(named: unit, locale: locale)
  }

  /// Refuses a language that neither the units nor the preparation ask for.
  func checkLocale(of preparation: PreparationOptions) throws {
    guard let locale = preparation.locale, preparation.caseMapping == "keep",
      try segmenter(locale: locale).locale.utf8.isEmpty
    else { return }
    throw ValidationError(
      "--locale changes nothing without --case lower, --case fold or --unit word")
  }

  /// Which units become tokens; reads the file of `--vocabulary`.
  func rule() throws -> VocabularyRule {
    guard let vocabulary else {
      return VocabularyRule(
        minimumCount: minCount, maximumUnitCount: maxVocabulary, coverage: coverage)
    }
    let tokenizer = try Tokenizer(vocabularyAt: vocabulary)
    let stored = type(of: tokenizer.segmenter).name
    guard stored.utf8.elementsEqual(unit.utf8) else {
      throw OptionError.value(
        option: "--unit", value: unit, allowed: "\(stored), as in \(vocabulary)")
    }
    return VocabularyRule(frozen: tokenizer.vocabulary)
  }
}
