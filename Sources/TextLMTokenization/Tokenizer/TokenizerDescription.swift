/// A tokenizer in plain types, as it is stored in a model file.
public struct TokenizerDescription: Sendable, Equatable {
  /// What is done to text before it is cut into units.
  public var preparation: TextPreparationDescription
  /// The name of the segmenter, such as `codepoint`.
  public var unit: String
  /// The units and their counts.
  public var vocabulary: VocabularyDescription
  /// The version of the ICU library that the tokens of the training text were made with.
  public var icuVersion: String
  /// The version of Unicode in that library.
  public var unicodeVersion: String

  /// Takes values as they were read; nothing is checked before a `Tokenizer` is made of them.
  public init(
    preparation: TextPreparationDescription, unit: String, vocabulary: VocabularyDescription,
    icuVersion: String, unicodeVersion: String
  ) {
    self.preparation = preparation
    self.unit = unit
    self.vocabulary = vocabulary
    self.icuVersion = icuVersion
    self.unicodeVersion = unicodeVersion
  }

  /// Whether this process has the Unicode tables that the tokens were made with.
  ///
  /// With others, a text can get other tokens where a script was added or a normalization
  /// corrected: worth a warning, no reason to refuse.
  public var matchesInstalledTables: Bool {
    icuVersion == UnicodeTables.icuVersion && unicodeVersion == UnicodeTables.unicodeVersion
  }
}

extension Tokenizer {
  /// Makes the tokenizer of a description, which may come from anywhere.
  ///
  /// - Throws: `TextError` for names that do not exist and for a vocabulary that cannot be.
  public init(
    _ description: TokenizerDescription, segmenters: SegmenterRegistry = .builtIn
  ) throws(TextError) {
    try self.init(
      preparation: TextPreparation(description.preparation),
      segmenter: segmenters.segmenter(
        named: description.unit, locale: description.preparation.locale),
      vocabulary: Vocabulary(description.vocabulary))
  }

  /// This tokenizer in plain types, with the versions of the tables in use now.
  public var description: TokenizerDescription {
    TokenizerDescription(
      preparation: preparation.description, unit: type(of: segmenter).name,
      vocabulary: vocabulary.description, icuVersion: UnicodeTables.icuVersion,
      unicodeVersion: UnicodeTables.unicodeVersion)
  }
}
