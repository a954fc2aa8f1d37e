/// The page of a classifier: how it learned, what it was measured at, and what it gets wrong, in one file
/// that needs nothing else and runs nothing.
///
/// Everything that comes from texts, labels and file names is escaped. Colours follow the reader's preference
/// for light or dark.
public struct ClassificationReport: Sendable {
  /// What the classifier is called.
  public var title: String
  /// Sentences at the top.
  public var remarks: [String]
  /// Curves of its training, such as the loss on training and validation texts over the steps.
  public var learningCurves: [Plot]
  /// What it was measured at; nil where it was not.
  public var measures: ClassificationMeasures?
  /// Texts it got wrong, the one that it was surest of first.
  public var mistakes: [ExplainedMistake]
  /// The training card.
  public var card: JSONValue?

  /// Characters of a text that are shown.
  public static let characterLimit = 2000

  /// A page of these parts.
  public init(
    title: String, remarks: [String] = [], learningCurves: [Plot] = [],
    measures: ClassificationMeasures? = nil, mistakes: [ExplainedMistake] = [],
    card: JSONValue? = nil
  ) {
    self.title = title
    self.remarks = remarks
    self.learningCurves = learningCurves
    self.measures = measures
    self.mistakes = mistakes
    self.card = card
  }

  /// The page. Throws what the serialization of the card does.
  public func html() throws -> String {
    let words = remarks.map { "<p>\(MarkupText.escaped($0))</p>\n" }.joined()
    let parts = [
      words, measures.map(MeasuresSection.html) ?? "", curveSection, mistakeSection,
      try cardSection,
    ]
    return PlotPage.html(
      title: title, rules: ShadedTextPage.rules + MeasuresSection.rules + Self.rules,
      body: parts.joined())
  }

  private var curveSection: String {
    guard !learningCurves.isEmpty else { return "" }
    let figures = learningCurves.map { "<figure>\n\(SVGPlot().element($0))</figure>\n" }
    return "<h2>How it learned</h2>\n<div class=\"plots\">\n\(figures.joined())</div>\n"
  }

  private var mistakeSection: String {
    guard !mistakes.isEmpty else { return "" }
    let areExplained = mistakes.contains { $0.contributions != nil }
    let legend =
      areExplained
      ? "<p>Orange is what speaks for the label that the text got, blue what speaks against it; the "
        + "strongest character of each text has the strongest colour.</p>\n"
        + ShadedTextPage.scale(hasNegative: true) : ""
    return "<h2>What it is surest of and gets wrong</h2>\n\(legend)<div class=\"mistakes\">\n"
      + mistakes.map(Self.element).joined() + "</div>\n"
  }

  private static func element(_ explained: ExplainedMistake) -> String {
    let mistake = explained.mistake
    let heading =
      "<p>got <strong>\(MarkupText.escaped(explained.told))</strong>, is "
      + "<strong>\(MarkupText.escaped(explained.truth))</strong> <span class=\"soft\">"
      + "\(Numbers.fixed(100 * mistake.confidence, 1)) % sure, "
      + "\(MarkupText.escaped("\(mistake.labelled.place)"))</span></p>\n"
    let rest = mistake.labelled.text.count - characterLimit
    let more =
      rest > 0
      ? "<p class=\"soft\">and \(Numbers.grouped(rest)) more characters</p>\n" : ""
    let shaded = explained.shaded(characterLimit: characterLimit)
    guard explained.contributions != nil else {
      // HTML drops a line end right after the tag, hence one more.
      let text = shaded.pieces.map(\.text).joined()
      return "\(heading)<pre dir=\"auto\">\n\(MarkupText.escaped(text))</pre>\n\(more)"
    }
    return heading + ShadedTextPage.element(shaded) + more
  }

  private var cardSection: String {
    get throws {
      try card.map { "<h2>Training card</h2>\n" + (try $0.htmlTable()) } ?? ""
    }
  }

  private static let rules = """
    body{padding-bottom:12rem}\
    .mistakes p{margin:1.2rem 0 .2rem;overflow-wrap:anywhere}\
    .mistakes .text{padding:.2rem .8rem;border-left:3px solid var(--line)}
    """
}
