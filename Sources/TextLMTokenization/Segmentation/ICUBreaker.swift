import CTextLMICU

/// ICU's break iterator of a kind: one text at a time.
package struct ICUBreaker: ~Copyable {
  /// What is between two breaks.
  package enum Kind: Sendable {
    case characters, words, sentences
  }

  private let handle: OpaquePointer?

  /// Opens a breaker.
  ///
  /// - Parameters:
  ///   - kind: What to find.
  ///   - locale: Whose tailorings apply; empty for none.
  ///   - longest: The most scalars of a piece; 0 for any number.
  ///   - unit: What to call it in an error.
  package init(
    _ kind: Kind, locale: String = "", longest: Int = 0, unit: String
  ) throws(TextError) {
    let number =
      switch kind {
      case .characters: TLM_ICU_CHARACTERS
      case .words: TLM_ICU_WORDS
      case .sentences: TLM_ICU_SENTENCES
      }
    var opened: OpaquePointer?
    let status = tlm_icu_breaker_open(
      Int32(number), locale.utf8.isEmpty ? "root" : locale, Int32(longest), &opened)
    handle = opened
    try Self.check(status, unit: unit)
  }

  deinit {
    tlm_icu_breaker_close(handle)
  }

  /// Goes to the start of a text, which has to stay where it is while its ends are asked for.
  package func setText(_ text: UnsafeBufferPointer<UInt8>) {
    tlm_icu_breaker_set_text(handle, text.baseAddress, Int64(text.count))
  }

  /// Appends the ends of the next pieces.
  package func appendEnds(to ends: inout OutputSpan<Int>) {
    ends.withUnsafeMutableBufferPointer { buffer, count in
      var made: Int64 = 0
      let status = tlm_icu_breaker_next(
        handle, buffer.baseAddress, Int64(buffer.count), &made)
      count = Int(made)
      // Memory, as ICU checks nothing else on the way.
      precondition(status <= 0, "breaks: \(Self.name(ofStatus: status))")
    }
  }

  /// Refuses a status that is a failure.
  static func check(_ status: Int32, unit: String) throws(TextError) {
    // Below zero are ICU's warnings.
    guard status > 0 else { return }
    throw .segmentationUnavailable(unit: unit, status: name(ofStatus: status))
  }

  /// ICU's name of a status.
  static func name(ofStatus status: Int32) -> String {
    tlm_icu_status_name(status).map { String(cString: $0) } ?? String(status)
  }
}
