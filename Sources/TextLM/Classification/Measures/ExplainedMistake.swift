/// A text that did not get the labels it has, and what each of its characters contributed to that.
public struct ExplainedMistake: Sendable, Equatable {
  /// The text, its labels and those that it got.
  public let mistake: MisclassifiedText
  /// Of each Unicode scalar of the text what it contributed to the label that the text got, above 0 where
  /// it speaks for it; nil where nothing tells.
  public let contributions: [Double]?

  /// A mistake with contributions as `ShadedText(_:contributions:told:truth:)` has them.
  public init(_ mistake: MisclassifiedText, contributions: [Double]?) {
    require(
      contributions.map { $0.count == mistake.labelled.text.unicodeScalars.count } ?? true,
      "explained mistake: \(contributions?.count ?? 0) contributions of "
        + "\(mistake.labelled.text.unicodeScalars.count) characters")
    self.mistake = mistake
    self.contributions = contributions
  }

  /// The labels that the text got, for people to read.
  var told: String { Self.list(mistake.told) }
  /// The labels that it has.
  var truth: String { Self.list(mistake.labelled.labels) }

  /// The text with its colours, as far as it is shown.
  func shaded(characterLimit: Int) -> ShadedText {
    let text = mistake.labelled.text
    let count = text.unicodeScalars.count
    var shaded = ShadedText(
      text, contributions: contributions ?? Array(repeating: 0, count: count), told: told,
      truth: truth)
    shaded.pieces = Array(shaded.pieces.prefix(characterLimit))
    return shaded
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "no label" : names.map { "“\($0)”" }.joined(separator: ", ")
  }
}
