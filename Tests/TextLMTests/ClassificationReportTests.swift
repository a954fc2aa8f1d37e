import Foundation
import FoundationXML
import TextLM
import TextLMTestSupport
import Testing

@Suite("Reports about classifiers")
struct ClassificationReportTests {
  private let labels: LabelSet

  init() throws {
    labels = try LabelSet(kind: .single, names: ["<bad>", "good"])
  }

  private func text(_ text: String, _ labels: String...) -> LabelledText {
    LabelledText(text: text, labels: labels, place: LabelledPlace(path: "a&b.csv", line: 7))
  }

  private func mistake(
    _ words: String, sure confidence: Double = 0.75
  ) throws -> MisclassifiedText {
    try #require(
      MisclassifiedText(
        text(words, "good"), labels: labels, probabilities: [confidence, 1 - confidence]))
  }

  private func measures(_ labels: LabelSet, _ textCount: Int) -> ClassificationMeasures {
    let count = labels.count
    let rows = (0..<textCount).map { text in
      (0..<count).map { label -> Double in
        // Every fifth text gets the label after its own.
        label == (text + (text.isMultiple(of: 5) ? 1 : 0)) % count
          ? 0.6 : 0.4 / Double(max(count - 1, 1))
      }
    }
    return ClassificationMeasures(
      labels: labels, probabilities: rows, truth: (0..<textCount).map { [$0 % count] })
  }

  private func pictures(of page: String) -> [String] {
    page.components(separatedBy: "<svg class=\"plot\"").dropFirst().map {
      "<svg class=\"plot\"" + $0.components(separatedBy: "</figure>")[0]
    }
  }

  @Test("A text is misclassified where it lacks a label of its own or got another")
  func misclassified() throws {
    #expect(
      MisclassifiedText(text("fine", "good"), labels: labels, probabilities: [0.2, 0.8]) == nil)
    let wrong = try mistake("dreadful")
    #expect(wrong.told == ["<bad>"] && wrong.confidence == 0.75)
    // What the classifier cannot know is wrong whatever it says.
    let unknown = MisclassifiedText(text("so so", "mixed"), labels: labels, probabilities: [0, 1])
    #expect(unknown?.told == ["good"] && unknown?.confidence == 1)
    let scale = try LabelSet(kind: .ordinal, names: ["1", "2"])
    #expect(MisclassifiedText(text("one", "1.0"), labels: scale, probabilities: [1, 0]) == nil)

    let several = try LabelSet(kind: .multiple, names: ["a", "b", "c"])
    func told(_ thresholds: [Double]?, _ names: [String]) -> MisclassifiedText? {
      let labelled = LabelledText(
        text: "t", labels: names, place: LabelledPlace(path: "f", line: 1))
      return MisclassifiedText(
        labelled, labels: several, probabilities: [0.9, 0.125, 0.5], thresholds: thresholds)
    }
    #expect(told(nil, ["a", "c"]) == nil && told([0.95, 0.5, 0.5], ["c"]) == nil)
    // Neither was it right to leave b away, which it was sure of, nor to give c.
    #expect(told(nil, ["a", "b"])?.confidence == 0.875)
    #expect(told(nil, [])?.told == ["a", "c"] && told(nil, [])?.confidence == 0.9)
  }

  @Test("A row of JSON lines has the text, both labels, all probabilities and the place")
  func json() throws {
    #expect(
      try JSONValue.object(mistake("not \"bad\"").json).text() == """
        {"text":"not \\"bad\\"","label":"good","predicted":"<bad>","confidence":0.75,\
        "probabilities":{"<bad>":0.75,"good":0.25},"file":"a&b.csv","line":7}
        """)
    let several = try LabelSet(kind: .multiple, names: ["a", "b"])
    let row = try #require(
      MisclassifiedText(text("t", "b", "a"), labels: several, probabilities: [0.25, 0.25]))
    #expect(row.json["labels"] == ["a", "b"] && row.json["predicted"] == [])
    #expect(row.json["label"] == nil)
  }

  @Test("The most confident mistakes come first, equals in their order")
  func confidence() throws {
    let all = try [("a", 0.75), ("b", 0.9), ("c", 0.75), ("d", 0.6)].map {
      try mistake($0.0, sure: $0.1)
    }
    #expect(all.mostConfident(3).map(\.labelled.text) == ["b", "a", "c"])
    #expect(all.mostConfident(9).count == 4)
  }

  @Test("Characters are as strong as their part of the strongest contribution, with their marks")
  func contributions() {
    let shaded = ShadedText(
      "ae\u{301}b", contributions: [-0.5, 0.75, 0.25, 0], told: "good", truth: "bad")
    #expect(shaded.pieces.map(\.text) == ["a", "e\u{301}", "b"])
    #expect(shaded.pieces.map(\.shade) == [-5, 9, 0])
    #expect(
      shaded.pieces.map(\.title) == ["-0.5000 for good", "+1.0000 for good", "0.0000 for good"])
    #expect(shaded.legend.contains("good") && shaded.legend.contains("bad"))
    let plain = ShadedText("ab", contributions: [0, 0], told: "x", truth: "y")
    #expect(plain.pieces.allSatisfy { $0.shade == 0 })
    #expect(ShadedText("", contributions: [], told: "x", truth: "y").pieces.isEmpty)
  }

  @Test("A page has measures, pictures, mistakes and the card, and obeys nothing of what it shows")
  func page() throws {
    let words = "<script>alert(1)</script> e\u{301}\u{202E}\u{1B}"
    let report = ClassificationReport(
      title: "</title><script>", remarks: ["<img>"],
      learningCurves: [
        Plot(
          title: "loss <i>", axisName: "step",
          series: [.init(name: "<u>", points: [PlotPoint(0, 1), PlotPoint(1, 0.5)])])
      ],
      measures: measures(labels, 20),
      mistakes: [
        ExplainedMistake(
          try mistake(words), contributions: words.unicodeScalars.map { Double($0.value % 3) - 1 }),
        ExplainedMistake(try mistake("<b>plain</b>"), contributions: nil),
      ],
      card: ["encoder": "<gru>"])
    let page = try report.html()
    for forbidden in [
      "<script", "<img", "<bad", "<i>l", "<b>plain", "<gru", "http:", "https:", "url(", "href",
      "\u{1B}", "\u{202E}",
    ] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    #expect(page.contains("default-src 'none'") && page.contains("prefers-color-scheme:dark"))
    #expect(page.contains("width=device-width") && page.contains("&lt;gru&gt;"))
    #expect(page.contains("&lt;b&gt;plain&lt;/b&gt;") && page.contains("a&amp;b.csv, line 7"))
    #expect(page.contains("75.0 % sure") && page.contains("<b class=\"n9\" tabindex"))
    #expect(page.contains("for “&lt;bad&gt;”") && page.contains("<td class=\"number\">0.8000</td>"))
    let pictures = pictures(of: page)
    #expect(pictures.count == 4)
    for picture in pictures { #expect(XMLParser(data: Data(picture.utf8)).parse(), "\(picture)") }
    #expect(pictures[0].contains("2 texts of “&lt;bad&gt;” got “good”"))
    #expect(pictures[0].components(separatedBy: "class=\"count\"").count == 5)
  }

  @Test("A page of nothing but a title is a page")
  func emptyPage() throws {
    let page = try ClassificationReport(title: "x").html()
    #expect(page.contains("<h1>x</h1>") && !page.contains("<h2>"))
  }

  @Test("Long texts end where the page has had enough of them")
  func longText() throws {
    let limit = ClassificationReport.characterLimit
    let words = String(repeating: "ab", count: limit)
    for contributions in [nil, words.map { _ in 0.5 }] {
      let page = try ClassificationReport(
        title: "x",
        mistakes: [ExplainedMistake(try mistake(words), contributions: contributions)]
      ).html()
      #expect(page.contains("and 2,000 more characters"))
      #expect(page.utf8.count < 400_000)
    }
  }

  @Test("Confusion matrices of many labels leave counts and then names to the pointer")
  func manyLabels() throws {
    for (count, names, counts) in [(2, 4, 4), (23, 46, 46), (61, 122, 122), (121, 0, 0)] {
      let labels = try LabelSet(kind: .single, names: (0..<count).map { "label <\($0)>" })
      let page = try ClassificationReport(title: "x", measures: measures(labels, 5 * count)).html()
      let picture = try #require(pictures(of: page).first)
      #expect(XMLParser(data: Data(picture.utf8)).parse())
      // Each label has texts that got it, and texts that got the next one.
      #expect(picture.components(separatedBy: "<rect").count == 2 * count + 1)
      #expect(picture.components(separatedBy: ">label &lt;").count == names + 1)
      #expect(picture.components(separatedBy: "class=\"count\"").count == counts + 1)
    }
  }
}
