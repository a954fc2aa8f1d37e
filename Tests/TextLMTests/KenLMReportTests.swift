import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Scores as KenLM prints them")
struct KenLMReportTests {
  private struct Word {
    let surface: String
    let number, length: Int
    let logarithm: Double

    init?(_ text: String) {
      let columns = text.split(separator: " ")
      // The surface may have an = too.
      guard columns.count == 3, let mark = columns[0].lastIndex(of: "="),
        let number = Int(columns[0][columns[0].index(after: mark)...]),
        let length = Int(columns[1]), let logarithm = Double(columns[2])
      else { return nil }
      surface = String(columns[0][..<mark])
      (self.number, self.length, self.logarithm) = (number, length, logarithm)
    }
  }

  @Test("A row has its tokens in columns, their sum and the unknown ones")
  func tokens() throws {
    let trained = try LineModel()
    let line = LineScorer(trained.model).scores([UTF8Text("a \u{2003}sea=☃\n")])[0]
    var report = KenLMReport(trained.model)
    let row = report.add(line, withTokens: true)
    let parts = row.components(separatedBy: "\t")
    let words = try parts.dropLast().map { try #require(Word($0)) }
    #expect(
      words.map(\.surface)
        == ["a", "\u{2581}", "<U+2003>", "s", "e", "a", "=", "☃", "</s>"])
    #expect(words.map(\.length) == Array(2...10))
    let tokens = trained.model.tokenizer.encode("a\n ")
    #expect(words[0].number == Int(tokens[0]) && words[8].number == Int(tokens[1]))
    #expect(words[1].number == Int(tokens[2]))
    // The wide space, the = and the snowman were never seen.
    #expect(words.indices.filter { words[$0].number == 0 } == [2, 6, 7])
    for (word, nats) in zip(words, line.nats) {
      expectClose(word.logarithm, -nats / log(10), tolerance: 1e-6, word.surface)
    }
    let sum = words.reduce(0) { $0 + $1.logarithm }
    let total = try #require(parts.last).split(separator: " ")
    #expect(total[0] == "Total:" && total[2] == "OOV:" && total[3] == "3")
    expectClose(try #require(Double(total[1])), sum, tolerance: 1e-5, "total")
    #expect(report.tokenCount == 9 && report.unknownCount == 3)
    var other = KenLMReport(trained.model)
    #expect(other.add(line, withTokens: false) == parts.last)
  }

  @Test("Perplexities are powers of ten, with unknown characters and without")
  func summary() throws {
    let trained = try LineModel()
    let lines = LineScorer(trained.model).scores([UTF8Text("the sea\n"), UTF8Text("a ☃\n")])
    var report = KenLMReport(trained.model)
    for line in lines { _ = report.add(line, withTokens: false) }
    let nats = lines.flatMap(\.nats)
    #expect(nats.count == 12)
    let unknown = lines[1].nats[2]
    let values = report.summary.map { $0.components(separatedBy: "\t") }
    #expect(
      values.map { $0[0] }
        == ["Perplexity including OOVs:", "Perplexity excluding OOVs:", "OOVs:", "Tokens:"])
    let sum = nats.reduce(0, +)
    expectClose(
      try #require(Double(values[0][1])), pow(10, sum / log(10) / 12), tolerance: 1e-9, "including")
    expectClose(
      try #require(Double(values[1][1])), pow(10, (sum - unknown) / log(10) / 11),
      tolerance: 1e-9, "excluding")
    #expect(values[2][1] == "1" && values[3][1] == "12")
  }

  @Test("Where lines are documents, their end is the end of the sentence")
  func documents() throws {
    let trained = try LineModel(documents: .line)
    let scorer = LineScorer(trained.model)
    var report = KenLMReport(trained.model)
    let row = report.add(scorer.scores([UTF8Text("sea\n")])[0], withTokens: true)
    let words = row.components(separatedBy: "\t").dropLast().compactMap { Word($0) }
    #expect(words.map(\.surface) == ["s", "e", "a", "</s>"])
    #expect(words[3].number == 1)
    let open = report.add(scorer.scores([UTF8Text("sea")])[0], withTokens: true)
    #expect(!open.contains("</s>"))
  }
}
