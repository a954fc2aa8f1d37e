extension TextPreparation {
  /// The prepared text.
  ///
  /// Text that needs no change comes back without a copy.
  ///
  /// - Complexity: Linear, for any text, but for what transliteration rules may ask for.
  /// - Precondition: ICU has the tables (`checkAvailable`, which every `Tokenizer` has called).
  public func prepare(_ text: UTF8Text) -> UTF8Text {
    let whole = newlines.apply(to: text)
    var recorder: StepRecorder?
    return prepare(passage: whole, recording: &recorder)
  }

  /// The prepared text, and where its bytes come from in the text as given.
  ///
  /// - Complexity: As `prepare`, with a call of ICU for each part that changes.
  public func prepareWithOffsets(_ text: UTF8Text) -> (text: UTF8Text, offsets: OffsetMap) {
    var edits: [OffsetMap.Edit]? = []
    let whole = newlines.apply(to: text, recording: &edits)
    var offsets = OffsetMap()
    offsets.append(edits ?? [])
    var recorder: StepRecorder? = StepRecorder(stepCount: Self.stepCount)
    let prepared = prepare(passage: whole, recording: &recorder)
    for edits in recorder?.edits ?? [] { offsets.append(edits) }
    return (prepared, offsets)
  }

  /// Whether anything is done but to line ends and by normalization.
  private var changesBetween: Bool {
    caseMapping != .keep || transliteration != nil || kept != nil || dropped != nil
  }

  /// Steps that a passage goes through.
  private static let stepCount = 5

  /// All steps but that for line ends.
  private func prepare(
    passage: UTF8Text, recording recorder: inout StepRecorder?
  ) -> UTF8Text {
    var text = passage
    func step(
      _ index: Int, _ isNeeded: Bool, _ apply: (UTF8Text, inout [OffsetMap.Edit]?) -> UTF8Text
    ) {
      let isNeeded = isNeeded && !text.bytes.isEmpty
      var edits: [OffsetMap.Edit]? = recorder == nil ? nil : []
      let result = isNeeded ? apply(text, &edits) : text
      recorder?.add(
        edits ?? [], step: index, inputCount: text.bytes.count, outputCount: result.bytes.count)
      text = result
    }
    step(0, true) { normalizer.normalize($0, recording: &$1) }
    step(1, caseMapping != .keep) { mapCase($0, recording: &$1) }
    step(2, transliteration != nil) { transliteration?.apply(to: $0, recording: &$1) ?? $0 }
    step(3, kept != nil || dropped != nil) {
      ScalarSet.filter($0, kept: kept, dropped: dropped, recording: &$1)
    }
    step(4, changesBetween) { normalizer.normalize($0, recording: &$1) }
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

/// The edits of each of several steps, of passages one after another.
private struct StepRecorder {
  private(set) var edits: [[OffsetMap.Edit]]
  /// Bytes so far in front of each step and behind the last.
  private var counts: [(input: Int, output: Int)]

  init(stepCount: Int) {
    edits = Array(repeating: [], count: stepCount)
    counts = Array(repeating: (0, 0), count: stepCount)
  }

  /// Adds what a step did to the next passage.
  mutating func add(_ new: [OffsetMap.Edit], step: Int, inputCount: Int, outputCount: Int) {
    let (input, output) = counts[step]
    for edit in new {
      edits[step].append(
        OffsetMap.Edit(
          input: edit.input.lowerBound + input..<edit.input.upperBound + input,
          output: edit.output.lowerBound + output..<edit.output.upperBound + output))
    }
    counts[step] = (input + inputCount, output + outputCount)
  }
}
