/// Finds where a line, a sentence or a paragraph ends in a text that comes in pieces.
///
/// Characters that may belong to the end are held back: they are released when they turn out not to.
package struct PartWatcher: Sendable {
  /// Bytes of the text that are certainly in front of its end.
  package private(set) var releasedCount = 0
  /// Where the text ends, in bytes; nil while that is not known.
  package private(set) var end: Int?

  private let part: TextPart
  private let sentenceEnds: ScalarSet
  private let closers: ScalarSet
  private let spaces: ScalarSet
  private var byteCount = 0
  /// Whether something came that a sentence or paragraph begins with.
  private var hasBegun = false
  /// Of a sentence: whether the mark that ended it needs no space behind it; nil within one.
  private var endsAnywhere: Bool?
  /// Of a paragraph: whether the white space that is held back has a line feed; nil without any.
  private var heldLineFeed: Bool?

  /// Throws `TextError` when ICU cannot tell the characters.
  package init(_ part: TextPart) throws(TextError) {
    self.part = part
    sentenceEnds = try ScalarSet("[[:Sentence_Terminal:]\\u2026]", option: "sentences")
    closers = try ScalarSet("[[:Pe:][:Pf:]\\u0022\\u0027\\u201C]", option: "sentences")
    spaces = try ScalarSet("[:White_Space:]", option: "sentences")
  }

  /// Reads on. What comes behind an end is read as if there had been none.
  package mutating func append(_ text: UTF8Text) {
    end = nil
    for scalar in text.scalars {
      let start = byteCount
      byteCount += Unicode.Scalar(scalar).map { UTF8.width($0) } ?? 0
      let isEnd =
        switch part {
        case .line: Self.endsLine(scalar)
        case .sentence: endsSentence(scalar)
        case .paragraph: endsParagraph(scalar)
        case .document: false
        }
      if isEnd && end == nil { end = part == .paragraph ? releasedCount : start }
      if heldLineFeed == nil { releasedCount = byteCount }
      hasBegun = hasBegun || begins(scalar)
    }
  }

  /// Whether a character is one with which the part can end; documents end without one.
  func mayEnd(with scalar: UInt32) -> Bool {
    switch part {
    case .line, .paragraph: Self.endsLine(scalar)
    case .sentence: sentenceEnds.contains(scalar)
    case .document: true
    }
  }

  /// Anything visible; of sentences, what does not end them either.
  private func begins(_ scalar: UInt32) -> Bool {
    let isEnd = part == .sentence && (sentenceEnds.contains(scalar) || closers.contains(scalar))
    return !isEnd && !spaces.contains(scalar)
  }

  /// LF, CR, NEL, LS and PS end lines.
  private static func endsLine(_ scalar: UInt32) -> Bool {
    [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar)
  }

  private mutating func endsSentence(_ scalar: UInt32) -> Bool {
    if sentenceEnds.contains(scalar) {
      if hasBegun { endsAnywhere = endsAnywhere == true || scalar > 0x7F && scalar != 0x2026 }
      return false
    }
    guard let anywhere = endsAnywhere, !closers.contains(scalar) else { return false }
    endsAnywhere = nil
    return anywhere || spaces.contains(scalar)
  }

  private mutating func endsParagraph(_ scalar: UInt32) -> Bool {
    if scalar == 0x2029 { return hasBegun }
    guard hasBegun, spaces.contains(scalar) else {
      heldLineFeed = nil
      return false
    }
    let isLineFeed = scalar == 0x0A
    // Spaces within a line are not held: the first line end, or the CR in front of it, is.
    if heldLineFeed == nil, !isLineFeed, scalar != 0x0D { return false }
    if heldLineFeed == true, isLineFeed { return true }
    heldLineFeed = heldLineFeed == true || isLineFeed
    return false
  }
}
