import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Lists of hypotheses")
struct NBestTests {
  private let trained: LineModel
  private let scorer: LineScorer

  init() throws {
    trained = try LineModel()
    scorer = LineScorer(trained.model)
  }

  private func rescore(
    _ text: String, _ rules: NBestRescorer.Rules = NBestRescorer.Rules(), together: Bool = true
  ) throws -> [String] {
    var rescorer = NBestRescorer(scorer, rules, source: "list")
    var cutter = LineCutter()
    let lines = cutter.add(Array(text.utf8)) + (cutter.finish().map { [$0] } ?? [])
    let rows = try together ? rescorer.add(lines) : lines.flatMap { try rescorer.add([$0]) }
    return try rows + rescorer.finish()
  }

  /// ln p of a hypothesis as a line.
  private func logarithm(_ text: String) -> Double {
    -scorer.scores([UTF8Text(text + "\n")])[0].totalNats
  }

  private static let moses = """
    0 ||| the sea was calm ||| LM0= -7.5 -2 WordPenalty0= -4 ||| -9.2298
    0 ||| eht aes saw mlac ||| LM0= -9 -2 WordPenalty0= -4 ||| -9
    1 |||  |||  ||| -1 ||| 0-0 1-1
    1 ||| a bell ||| lm: -1 d: 0 ||| -1.5e1\n
    """

  @Test("Moses' rows get a feature, and stay as they are otherwise", arguments: [true, false])
  func moses(together: Bool) throws {
    let rows = try rescore(Self.moses, together: together)
    let given = Self.moses.split(separator: "\n").map(String.init)
    #expect(rows.count == 4)
    let texts = ["the sea was calm", "eht aes saw mlac", "", "a bell"]
    for (index, (row, given)) in zip(rows, given).enumerated() {
      let (fields, old) = (row.components(separatedBy: "|||"), given.components(separatedBy: "|||"))
      #expect(fields.count == old.count)
      for place in fields.indices where place != 2 { #expect(fields[place] == old[place]) }
      let mark = index == 3 ? ":" : "="
      let features = fields[2].split(separator: " ")
      #expect(Array(features.dropLast(2)) == old[2].split(separator: " "))
      #expect(features[features.count - 2] == "TextLM0\(mark)")
      let value = try #require(features.last.flatMap { Double($0) })
      expectClose(value, logarithm(texts[index]), tolerance: 1e-6, texts[index])
    }
  }

  @Test(
    "A weight changes the score, and the best are kept in their order", arguments: [true, false])
  func order(together: Bool) throws {
    let rules = NBestRescorer.Rules(name: "Own", weight: 0.5, keptCount: 1)
    let rows = try rescore(Self.moses, rules, together: together)
    // Words are likelier than their letters backwards, and that outweighs 0.23.
    #expect(rows.map { $0.components(separatedBy: "|||")[1] } == [" the sea was calm ", "  "])
    let fields = rows[0].components(separatedBy: "|||")
    #expect(fields[2].hasPrefix(" LM0= -7.5 -2 WordPenalty0= -4 Own= -"))
    expectClose(
      try #require(Double(fields[3].trimmingCharacters(in: .whitespaces))),
      -9.2298 + 0.5 * logarithm("the sea was calm"), tolerance: 1e-6, "score")
    #expect(rows[1].hasSuffix(" ||| 0-0 1-1"))
    let all = try rescore(Self.moses, NBestRescorer.Rules(weight: 0, keptCount: 9))
    #expect(
      all.map { $0.components(separatedBy: "|||")[1] }
        == [" eht aes saw mlac ", " the sea was calm ", "  ", " a bell "])
  }

  @Test("A list is given back when the next begins, and equal scores stay in their order")
  func streaming() throws {
    var rescorer = NBestRescorer(
      scorer, NBestRescorer.Rules(weight: 1, keptCount: 5), source: "list")
    var cutter = LineCutter()
    let row = { (id: String, score: String) in "\(id) ||| a bell ||| \(score) ||| -1\n" }
    #expect(try rescorer.add(cutter.add(Array((row("a", "1") + row("a", "2")).utf8))).isEmpty)
    let first = try rescorer.add(cutter.add(Array(row("b", "3").utf8)))
    #expect(first.map { $0.prefix(18) } == ["a ||| a bell ||| 1", "a ||| a bell ||| 2"])
    #expect(try rescorer.add(cutter.add(Array(row("b", "4").utf8))).isEmpty)
    #expect(try rescorer.finish().count == 2)
    // Where nothing is sorted, nothing waits.
    var plain = NBestRescorer(scorer, source: "list")
    var other = LineCutter()
    #expect(try plain.add(other.add(Array(row("a", "1").utf8))).count == 1)
    #expect(try plain.finish().isEmpty)
  }

  @Test("SRILM's rows get another score of the language model, to the base 10")
  func srilm() throws {
    let text = "-120.5 -8.25 4 the sea was calm\n-120 -9 4 eht aes saw mlac\n-300 -1 0\n"
    let rows = try rescore(text)
    let texts = ["the sea was calm", "eht aes saw mlac", ""]
    for (row, text) in zip(rows, texts) {
      let columns = row.split(separator: " ", omittingEmptySubsequences: false)
      #expect(columns.dropFirst(3).joined(separator: " ") == text)
      expectClose(
        try #require(Double(columns[1])), logarithm(text) / log(10), tolerance: 1e-6, text)
    }
    #expect(rows[0].hasPrefix("-120.5 -") && rows[0].hasSuffix(" 4 the sea was calm"))
    let best = try rescore(text, NBestRescorer.Rules(weight: 2, keptCount: 2))
    #expect(best == [rows[0], rows[1]])
    let acoustic = try rescore(text, NBestRescorer.Rules(weight: 0, keptCount: 1))
    #expect(acoustic == [rows[1]])
    #expect(throws: NBestError.weightWithoutOrder(source: "list")) {
      try rescore(text, NBestRescorer.Rules(weight: 2))
    }
  }

  @Test(
    "Rows that are none are refused with their line",
    arguments: [
      ("0 ||| a ||| f= 1 ||| -1\n0 ||| a ||| f= 1\n", "list, line 2: has 3 of the four fields"),
      ("0 ||| a ||| f= 1 ||| x\n", "list, line 1: the score is \"x\", which is no number"),
      ("0 ||| a ||| f= 1 ||| nan\n", "which is no number"),
      (" ||| a ||| f= 1 ||| -1\n", "line 1: has no id"),
      ("0 ||| a ||| f= 1 ||| -1\n\n", "line 2: has 1 of the four fields"),
      ("just words\n", "line 1: has 2 of the three numbers"),
      ("-1 -2 3 a b c\n-1 x 3 a b c\n", "line 2: the score of the language model is \"x\""),
      ("-1 -2 -3 a\n", "the number of words is \"-3\", which is none"),
      ("NBestList1.0\n(-5) a\n", "SRI Decipher's (NBestList1.0)"),
      (
        "0 ||| a ||| ||| -1\n1 ||| a ||| ||| -1\n0 ||| b ||| ||| -1\n",
        "line 3: the list 0 comes again"
      ),
      ("0 ||| a ||| TextLM0= -3 ||| -1\n", "line 1: has a feature TextLM0 already"),
    ])
  func refusals(text: String, message: String) {
    let error = #expect(throws: NBestError.self) { try rescore(text) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
  }

  @Test("Bytes that are no text, and rows without an end in sight, are refused")
  func hostile() {
    var rescorer = NBestRescorer(scorer, source: "list")
    var cutter = LineCutter(longest: 32)
    #expect(throws: NBestError.malformed(source: "list", line: 1, problem: "is no UTF-8")) {
      try rescorer.add(cutter.add([0x30, 0xFF, 0x0A]))
    }
    let parts = cutter.add([UInt8](repeating: 0x30, count: 40))
    #expect(
      throws: NBestError.malformed(source: "list", line: 2, problem: "is too long for a row")
    ) { try rescorer.add(parts) }
  }
}
