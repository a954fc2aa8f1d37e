import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Evaluations")
struct EvaluationTests {
  private let evaluation = Evaluation(
    nats: 10 * log(2), tokenCount: 5,
    counts: TextCounts(characters: 10, bytes: 20, words: 2, unknown: 1))

  @Test("Ten bits for five tokens of ten characters, twenty bytes and two words")
  func formulas() {
    expectClose(evaluation.natsPerToken, 2 * log(2), tolerance: 1e-15, "nats per token")
    expectClose(evaluation.bitsPerCharacter, 1, tolerance: 1e-15, "bits per character")
    expectClose(evaluation.bitsPerByte, 0.5, tolerance: 1e-15, "bits per byte")
    expectClose(evaluation.perplexity, 4, tolerance: 1e-14, "perplexity")
    expectClose(evaluation.wordPerplexity, 32, tolerance: 1e-14, "word perplexity")
  }

  @Test("Results are added, not averaged")
  func addition() {
    let other = Evaluation(
      nats: 1, tokenCount: 1, counts: TextCounts(characters: 1, bytes: 3, words: 0, unknown: 0))
    let sum = evaluation + other
    #expect(sum.nats == evaluation.nats + 1 && sum.tokenCount == 6)
    #expect(sum.counts == TextCounts(characters: 11, bytes: 23, words: 2, unknown: 1))
    #expect(sum == other + evaluation)
  }

  @Test("A text without words has a word perplexity all the same")
  func noWords() {
    let blank = Evaluation(
      nats: log(8), tokenCount: 2, counts: TextCounts(characters: 2, bytes: 2, words: 0, unknown: 0)
    )
    expectClose(blank.wordPerplexity, 8, tolerance: 1e-14, "word perplexity")
  }

  @Test func json() throws {
    let fields = JSONField(evaluation.json, path: "validation")
    #expect(
      try fields.members().map(\.key)
        == ["nats_per_token", "bits_per_character", "bits_per_byte", "perplexity", "tokens"])
    #expect(try fields.int("tokens") == 5)
    #expect(try fields.double("perplexity") == evaluation.perplexity)
    // A perplexity beyond all numbers must not make a log unreadable.
    let hopeless = Evaluation(nats: 1e6, tokenCount: 1, counts: evaluation.counts)
    #expect(try hopeless.json.text(nonFinite: .null).contains(#""perplexity":null"#))
  }
}
