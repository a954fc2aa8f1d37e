extension VocabularySummary {
  /// What could be done about the vocabulary, a sentence each; none for one that needs nothing.
  ///
  /// - Parameters:
  ///   - vocabulary: The one that was summarized.
  ///   - minimumCount: The `--min-count` to speak of.
  public func advice(_ vocabulary: Vocabulary, minimumCount: Int = 5) -> [String] {
    var advice: [String] = []
    let rare = vocabulary.counts.count { $0 > 0 && $0 < minimumCount }
    let cut = vocabulary.counts.reduce(0) { $0 + ($1 < minimumCount ? $1 : 0) }
    // Where rare units are much of the text, spelling them in bytes would cost more than it saves.
    if singleCount > 0, rare < unitCount, cut * 50 <= count {
      let verb = singleCount == 1 ? "occurs" : "occur"
      advice.append(
        "\(singleCount) of \(unitCount) units \(verb) once: --min-count \(minimumCount) cuts \(rare) "
          + "of them and spells \(Self.percent(cut, of: count)) of the text in bytes")
    }
    if !notNormalized.isEmpty {
      advice.append(
        Self.counted(notNormalized.count, "unit is not", "units are not")
          + " normalized: --normalize nfc writes text as others do")
    }
    if !bidiControls.isEmpty {
      advice.append(
        Self.counted(bidiControls.count, "unit changes", "units change")
          + " the direction of text: --drop '[:Bidi_Control:]' leaves such characters out")
    }
    if !privateUse.isEmpty || !unassigned.isEmpty {
      advice.append(
        Self.counted(privateUse.count + unassigned.count, "unit is", "units are")
          + " of private use or unassigned: look where that comes from, or leave it out with "
          + "--drop '[[:Co:][:Cn:]]'")
    }
    if !confusables.isEmpty {
      advice.append(
        Self.counted(confusables.count, "pair", "pairs")
          + " of units look alike in different scripts: look for words in mixed scripts")
    }
    return advice
  }

  private static func counted(_ count: Int, _ one: String, _ several: String) -> String {
    "\(count) \(count == 1 ? one : several)"
  }

  /// A part as a percentage with two digits behind the point, or more zeros for a small one.
  private static func percent(_ part: Int, of whole: Int) -> String {
    let hundredths = Int((Double(part) / Double(whole) * 10_000).rounded())
    if hundredths == 0, part > 0 { return "less than 0.01 %" }
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
