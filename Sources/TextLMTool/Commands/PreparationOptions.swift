import ArgumentParser
import TextLM

/// What is done to the text before anything is learned from it; stored with the model, and done
/// again to every text that the model reads.
struct PreparationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Unicode normalization: none, nfc, nfd, nfkc or nfkc-casefold.", valueName: "form"))
  var normalize = "nfc"

  @Option(
    name: .customLong("case"),
    help: ArgumentHelp(
      """
      Keep capitals, fold them for comparing (ß becomes ss), or lower them: a smaller vocabulary, \
      and a model that writes no capitals.
      """, valueName: "way"))
  var caseMapping = "keep"

  @Option(
    help: ArgumentHelp(
      """
      The language whose rules --case and --unit word follow, such as tr for the Turkish i.
      """, valueName: "tag"))
  var locale: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the text in other letters: ICU identifiers such as 'Any-Latin; Latin-ASCII', or rules \
      such as 'ä > ae;'.
      """, valueName: "rules"))
  var transliterate: String?

  @Option(
    help: ArgumentHelp(
      "Drop all characters but those of a set, such as '[[:Latin:][:P:][:Z:]]'.",
      valueName: "set"))
  var keep: String?

  @Option(
    help: ArgumentHelp("Drop the characters of a set, such as '[[:Cc:]-[\\n]]'.", valueName: "set"))
  var drop: String?

  func validate() throws {
    do throws(TextError) {
      _ = try preparation()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// What was asked for, and checked; `newlines` is an option of reading.
  func preparation(newlines: NewlineRule = .keep) throws(TextError) -> TextPreparation {
    try TextPreparation(
      TextPreparationDescription(
        normalizer: normalize, newlines: newlines.rawValue, caseMapping: caseMapping,
        locale: locale ?? "",
        transliteration: transliterate, kept: keep, dropped: drop))
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--normalize", normalize == "nfc" ? nil : .word(normalize), "normalizer"),
      FixedOption("--case", caseMapping == "keep" ? nil : .word(caseMapping), "case"),
      FixedOption("--locale", locale.map { .word($0) }, "locale"),
      FixedOption("--transliterate", transliterate.map { .word($0) }, "transliterate"),
      FixedOption("--keep", keep.map { .word($0) }, "keep"),
      FixedOption("--drop", drop.map { .word($0) }, "drop"),
    ].compactMap { $0 }
  }
}
