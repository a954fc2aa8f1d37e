/// Text to token numbers and back: a preparation, a segmenter and a vocabulary.
///
/// Text is only ever text: `<unk>` typed by a person is five characters. With byte tokens in the
/// vocabulary nothing is lost, `decode(encode(text)) == prepare(text)`; without them a character
/// that was never seen becomes `<unk>`, which decodes to U+FFFD.
public struct Tokenizer: Sendable {
  /// What is done to text before anything else.
  public let preparation: TextPreparation
  /// What cuts it into units.
  public let segmenter: any Segmenter
  /// The numbers of the units.
  public let vocabulary: Vocabulary

  /// Puts the parts together.
  ///
  /// - Throws: `TextError.normalizationUnavailable` when ICU lacks the tables of the form, and
  ///   `TextError.divisibleUnit` for a vocabulary that another segmenter must have made.
  public init(
    preparation: TextPreparation, segmenter: any Segmenter, vocabulary: Vocabulary
  ) throws(TextError) {
    try preparation.checkAvailable()
    for index in 0..<vocabulary.unitCount {
      let unit = vocabulary.unit(at: index)
      guard segmenter.isUnit(unit) else {
        throw .divisibleUnit(
          index: index, segmenter: type(of: segmenter).name,
          pieces: segmenter.units(of: unit).count)
      }
    }
    if !vocabulary.hasByteFallback, type(of: segmenter).kind != .scalar {
      throw .byteTokensMissing(segmenter: type(of: segmenter).name)
    }
    self.preparation = preparation
    self.segmenter = segmenter
    self.vocabulary = vocabulary
  }

  /// Makes the tokenizer of a training text.
  ///
  /// - Parameters:
  ///   - texts: The training part only.
  ///   - preparation: What to do to text before anything else.
  ///   - segmenter: What cuts it into units.
  ///   - rule: Which units are kept; the rest is spelled in bytes.
  /// - Throws: `TextError`, as `Vocabulary.init` and `Tokenizer.init` do.
  public init(
    trainedOn texts: [UTF8Text], preparation: TextPreparation = TextPreparation(),
    segmenter: any Segmenter = CodePointSegmenter(), rule: VocabularyRule = VocabularyRule()
  ) throws(TextError) {
    try preparation.checkAvailable()
    var counts = UnitCounts()
    for text in texts { counts.add(preparation.prepare(text), segmenter: segmenter) }
    let vocabulary = try Vocabulary(
      counts: counts, kind: type(of: segmenter).kind, rule: rule)
    try self.init(preparation: preparation, segmenter: segmenter, vocabulary: vocabulary)
  }
}

extension Tokenizer: Equatable {
  /// Whether both give the same tokens for every text.
  public static func == (left: Tokenizer, right: Tokenizer) -> Bool {
    left.preparation == right.preparation
      && type(of: left.segmenter) == type(of: right.segmenter)
      && left.segmenter.locale.utf8.elementsEqual(right.segmenter.locale.utf8)
      && left.vocabulary == right.vocabulary
  }
}
