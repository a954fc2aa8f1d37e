extension TextError: CustomStringConvertible {
  /// What is wrong, where, and how to go on.
  public var description: String {
    switch self {
    case .invalidBytes(let source, let encoding, let byteOffset, let line):
      """
      \(source): not \(encoding) at byte offset \(byteOffset), line \(line); name the text's encoding \
      with --encoding, or have it guessed with --encoding auto; --invalid replace reads damaged \
      text all the same
      """
    case .otherEncoding(let source, let encoding, true):
      """
      \(source): starts with the byte-order mark of \(encoding); leave --encoding away, or give \
      --encoding \(encoding)
      """
    case .otherEncoding(let source, let encoding, false):
      """
      \(source): looks like \(encoding) without BOM (its bytes are NUL in a regular pattern); read \
      it with --encoding \(encoding), or as it is with --encoding utf-8
      """
    case .unknownByteOrder(let source, let encoding):
      """
      \(source): has no byte-order mark, and nothing else tells which byte comes first; give \
      --encoding \(encoding)LE or --encoding \(encoding)BE
      """
    case .undecidedEncoding(let source, let candidates):
      """
      \(source): not UTF-8, and no other encoding is likely enough\(Self.list(candidates)); name it \
      with --encoding
      """
    case .unknownEncoding(let name):
      """
      no encoding is called '\(name)'; --encoding takes auto, utf-8, utf-16, utf-32 and ICU's names, \
      such as windows-1252, iso-8859-2, koi8-r, shift_jis, gb18030 or big5
      """
    case .conversionFailed(let encoding, let status):
      "ICU cannot convert from \(encoding) (\(status)); convert the text with another program"
    case .normalizationUnavailable(let normalizer, let status):
      """
      ICU cannot load its tables for normalization \(normalizer) (\(status)); reinstall the ICU \
      libraries, or choose another normalization
      """
    case .unknownNormalizer(let name, let known):
      "no normalization is called '\(name)'; there are: \(known.joined(separator: ", "))"
    case .unknownCaseMapping(let name, let known):
      "no mapping of case is called '\(name)'; there are: \(known.joined(separator: ", "))"
    case .unknownNewlineRule(let name, let known):
      "no rule for line ends is called '\(name)'; there are: \(known.joined(separator: ", "))"
    case .unknownLocale(let tag):
      "'\(tag)' is no locale: give the tag of a language, such as tr, de or zh-Hant"
    case .transliteration(let rules, let line, let offset, let status):
      """
      cannot transliterate by '\(rules)': \(Self.place(line, offset))\(status); give identifiers \
      such as 'Any-Latin; Latin-ASCII', or rules such as 'ä > ae; ö > oe;'
      """
    case .scalarSet(let option, let pattern, let offset, let status):
      """
      \(option) cannot be read as a set of characters from character \(offset + 1) of \
      '\(TerminalText.excerpt(of: pattern, around: offset))' on (\(status)); give a pattern such as \
      '[[:Latin:][:P:][:Z:]]'
      """
    case .scalarSetStrings(let option, let pattern):
      """
      \(option) '\(TerminalText.excerpt(of: pattern))' has sequences of several characters, which \
      are not looked for: leave the parts in braces away
      """
    case .unicodeFailure(let operation, let status):
      "ICU failed at \(operation) (\(status)); free some memory or reinstall the ICU libraries"
    case .unknownSegmenter(let name, let known):
      "no unit is called '\(name)'; there are: \(known.joined(separator: ", "))"
    case .segmentationUnavailable(let unit, let status):
      """
      ICU cannot cut text into units of \(unit) (\(status)); reinstall the ICU libraries, or choose \
      another unit
      """
    case .vocabularyOption(let name, let value, let minimum):
      "\(name) is \(value), and must be at least \(minimum)"
    case .coverage(let value):
      "coverage is \(value), and must be above 0 and at most 1"
    case .emptyVocabulary:
      "the vocabulary has no units; give a text that is not empty, or a smaller minimum count"
    case .tooManyTokens(let units, let limit):
      """
      the vocabulary has \(units) units, and at most \(limit) can be numbered; keep fewer with a \
      minimum count or a maximum vocabulary
      """
    case .emptyUnit(let index):
      "vocabulary unit \(index) is empty; \(Self.damaged)"
    case .duplicateUnit(let firstIndex, let index):
      "vocabulary units \(firstIndex) and \(index) are the same; \(Self.damaged)"
    case .divisibleUnit(let index, let segmenter, let pieces):
      """
      vocabulary unit \(index) falls into \(pieces) pieces when segmented by \(segmenter), and \
      must be 1; \(Self.damaged)
      """
    case .byteTokensMissing(let segmenter):
      "the vocabulary has no byte tokens, which units of \(segmenter) need; \(Self.damaged)"
    case .countsMismatch(let units, let counts):
      "the vocabulary has \(units) units and \(counts) counts; \(Self.damaged)"
    case .negativeCount(let index, let count):
      "vocabulary unit \(index) has the count \(count), below 0; \(Self.damaged)"
    }
  }

  private static func place(_ line: Int?, _ offset: Int?) -> String {
    guard let offset else { return "" }
    return (line.map { "line \($0), " } ?? "") + "character \(offset): "
  }

  private static func list(_ candidates: [String]) -> String {
    candidates.isEmpty ? "" : ": \(candidates.joined(separator: ", "))"
  }

  private static let damaged =
    "the tokenizer's description is damaged: take another copy of the model"
}
