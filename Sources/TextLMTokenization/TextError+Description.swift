extension TextError: CustomStringConvertible {
  /// What is wrong, where, and how to go on.
  public var description: String {
    switch self {
    case .invalidUTF8(let source, let byteOffset, let line):
      """
      \(source): not UTF-8 at byte offset \(byteOffset), line \(line); if the text is in another \
      encoding, convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW
      """
    case .otherEncoding(let source, let encoding, true):
      """
      \(source): starts with the byte-order mark of \(encoding), and text must be UTF-8; convert \
      it first, for example: iconv -f \(encoding) -t UTF-8 OLD > NEW
      """
    case .otherEncoding(let source, let encoding, false):
      """
      \(source): looks like \(encoding) without BOM (its bytes are NUL in a regular pattern), and \
      text must be UTF-8; convert it first, for example: iconv -f \(encoding) -t UTF-8 OLD > NEW
      """
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
      \(option) cannot be read as a set of characters from character \(offset) of '\(pattern)' on \
      (\(status)); give a pattern such as '[[:Latin:][:P:][:Z:]]'
      """
    case .scalarSetStrings(let option, let pattern):
      """
      \(option) '\(pattern)' has sequences of several characters, which are not looked for: leave \
      the parts in braces away
      """
    case .unicodeFailure(let operation, let status):
      "ICU failed at \(operation) (\(status)); free some memory or reinstall the ICU libraries"
    case .unknownSegmenter(let name, let known):
      "no unit is called '\(name)'; there are: \(known.joined(separator: ", "))"
    case .vocabularyOption(let name, let value, let minimum):
      "\(name) is \(value), and must be at least \(minimum)"
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

  private static let damaged =
    "the tokenizer's description is damaged: take another copy of the model"
}
