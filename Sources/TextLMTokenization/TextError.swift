/// What can be wrong with text, with a stored tokenizer, or with the wishes for a new one.
///
/// Offsets are counted from 0 in bytes of the input as given, the byte-order mark included; lines
/// are counted from 1.
public enum TextError: Error, Equatable {
  /// Bytes that are no text in their encoding; `byteOffset` is that of the first byte of the first
  /// wrong piece.
  case invalidBytes(source: String, encoding: String, byteOffset: Int, line: Int)
  /// Text in another encoding than it should be, told by its byte-order mark or, when
  /// `hasByteOrderMark` is false, by its NUL bytes.
  case otherEncoding(source: String, encoding: String, hasByteOrderMark: Bool)
  /// UTF-16 or UTF-32 of which nothing says which byte comes first.
  case unknownByteOrder(source: String, encoding: String)
  /// Text that is not UTF-8, and of which no encoding is likely enough.
  case undecidedEncoding(source: String, candidates: [String])
  /// An encoding by a name that ICU does not know.
  case unknownEncoding(name: String)
  /// ICU cannot go on converting; `status` is its name of the failure.
  case conversionFailed(encoding: String, status: String)

  /// ICU cannot load its tables for a form of normalization; `status` is ICU's name of the failure.
  case normalizationUnavailable(normalizer: String, status: String)
  /// A normalizer by a name that does not exist.
  case unknownNormalizer(name: String, known: [String])
  /// A mapping of case by a name that does not exist.
  case unknownCaseMapping(name: String, known: [String])
  /// A rule for line ends by a name that does not exist.
  case unknownNewlineRule(name: String, known: [String])
  /// A locale that is no BCP 47 tag, or of a language that ICU does not know.
  case unknownLocale(String)
  /// Identifiers or rules of transliteration that cannot be read; `line` counts from 1 and `offset`
  /// from 0 in UTF-16 units, where ICU names a place.
  case transliteration(rules: String, line: Int?, offset: Int?, status: String)
  /// A pattern of a set of characters that cannot be read from its character `offset` on, which
  /// counts from 0.
  case scalarSet(option: String, pattern: String, offset: Int, status: String)
  /// A set of characters with sequences of several in it.
  case scalarSetStrings(option: String, pattern: String)
  /// ICU cannot do its work: no memory, as a rule.
  case unicodeFailure(operation: String, status: String)
  /// A unit of segmentation by a name that does not exist.
  case unknownSegmenter(name: String, known: [String])

  /// ICU lacks what cutting text into a unit needs; `status` is its name of the failure.
  case segmentationUnavailable(unit: String, status: String)

  /// A wish for the vocabulary below the least that makes sense.
  case vocabularyOption(name: String, value: Int, minimum: Int)
  /// A part of the text to cover that is no part.
  case coverage(String)
  /// A vocabulary without any unit, such as that of an empty text.
  case emptyVocabulary
  /// More units than there are token numbers for.
  case tooManyTokens(units: Int, limit: Int)
  /// A unit of no bytes.
  case emptyUnit(index: Int)
  /// The same unit twice.
  case duplicateUnit(firstIndex: Int, index: Int)
  /// A unit that the segmenter would not leave whole, such as two characters among code points.
  case divisibleUnit(index: Int, segmenter: String, pieces: Int)
  /// A vocabulary without byte tokens for units that are not scalars.
  case byteTokensMissing(segmenter: String)
  /// Counts for another number of units.
  case countsMismatch(units: Int, counts: Int)
  /// A count below zero.
  case negativeCount(index: Int, count: Int)
}
