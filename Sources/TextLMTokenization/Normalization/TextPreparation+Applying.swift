extension TextPreparation {
  /// The prepared text.
  ///
  /// Text of one passage that needs no change comes back without a copy.
  ///
  /// - Complexity: Linear, for any text, but for what transliteration rules may ask for.
  /// - Precondition: ICU has the tables (`checkAvailable`, which every `Tokenizer` has called).
  public func prepare(_ text: UTF8Text) -> UTF8Text {
    var parts: [UTF8Text] = []
    forEachPassage(of: text) { parts.append($0) }
    return parts.count == 1 ? parts[0] : UTF8Text(valid: Array(parts.map(\.bytes).joined()))
  }

  /// Calls `body` with each passage of a text, prepared: units are looked for in one at a time.
  func forEachPassage(of text: UTF8Text, _ body: (UTF8Text) -> Void) {
    var nothing: OffsetMap?
    let whole = newlines.apply(to: text)
    for range in whole.passageRanges { body(prepare(whole[range], recording: &nothing)) }
  }

  /// The same with a function that tells where a range of the prepared passage comes from in the
  /// text as given.
  func forEachPassageWithOffsets(
    of text: UTF8Text, _ body: (_ prepared: UTF8Text, _ source: (Range<Int>) -> Range<Int>) -> Void
  ) {
    var edits: [OffsetMap.Edit]? = []
    let whole = newlines.apply(to: text, recording: &edits)
    var lineEnds = OffsetMap()
    lineEnds.append(edits ?? [])
    for passage in whole.passageRanges {
      var offsets: OffsetMap? = OffsetMap()
      let prepared = prepare(whole[passage], recording: &offsets)
      let start = passage.lowerBound
      body(prepared) { range in
        let inner = offsets?.source(of: range) ?? range
        return lineEnds.source(of: inner.lowerBound + start..<inner.upperBound + start)
      }
    }
  }

  /// All steps but that for line ends.
  private func prepare(_ passage: UTF8Text, recording offsets: inout OffsetMap?) -> UTF8Text {
    var text = passage
    func step(_ apply: (UTF8Text, inout [OffsetMap.Edit]?) -> UTF8Text) {
      guard !text.bytes.isEmpty else { return }
      var edits: [OffsetMap.Edit]? = offsets == nil ? nil : []
      text = apply(text, &edits)
      if let edits { offsets?.append(edits) }
    }
    step { normalizer.normalize($0, recording: &$1) }
    guard caseMapping != .keep || transliteration != nil || kept != nil || dropped != nil else {
      return text
    }
    step { mapCase($0, recording: &$1) }
    step { transliteration?.apply(to: $0, recording: &$1) ?? $0 }
    if kept != nil || dropped != nil {
      step { ScalarSet.filter($0, kept: kept, dropped: dropped, recording: &$1) }
    }
    step { normalizer.normalize($0, recording: &$1) }
    return text
  }

  private func mapCase(
    _ text: UTF8Text, recording edits: inout [OffsetMap.Edit]?
  ) -> UTF8Text {
    guard let number = ICUCaseMapper.number(caseMapping) else { return text }
    do {
      var mapper = try ICUCaseMapper(number: number, locale: locale)
      return try mapper.apply(to: text, recording: &edits)
    } catch {
      preconditionFailure("prepare: \(error)")
    }
  }
}

extension UTF8Text {
  /// A part of the text, cut between scalars; the whole comes back without a copy.
  fileprivate subscript(range: Range<Int>) -> UTF8Text {
    range.count == bytes.count ? self : UTF8Text(valid: Array(bytes[range]))
  }
}
