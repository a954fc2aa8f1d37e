import Foundation
import TextLM
import Testing

@Suite("Writing together: the model")
struct WritingCompanionTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// softmax of the logits behind a text, read at once.
  private func probabilities(after text: String) -> [Double] {
    let row = trained.logits(model.tokenizer.encode(text))[text.unicodeScalars.count]
    let sum = row.reduce(0) { $0 + exp($1) }
    return row.map { exp($0) / sum }
  }

  @Test("Reading on, going back and other texts all give what reading at once does")
  func reading() throws {
    var companion = try WritingCompanion(model, precision: .float32)
    let long = String(repeating: "the sea was calm and grey ", count: 12)
    for text in [
      "", "the", "the sea", "the se", long, long + "a bell", long.dropLast(100) + "x", "a",
    ] {
      companion.read(text)
      let expected = probabilities(after: text)
      for suggestion in companion.characters(5) {
        let token = try #require(model.tokenizer.encode(suggestion.text).first)
        #expect(abs(suggestion.probability - expected[Int(token)]) < 1e-4, "\(text.suffix(9))")
      }
      let found = companion.characters(5).map(\.probability)
      #expect(found == found.sorted(by: >) && found.count == 5)
      let cost = companion.surprisals(of: text)
      #expect(cost.count == text.count)
      let tokens = model.tokenizer.encode(text)
      for (row, (token, nats)) in zip(trained.logits(tokens), zip(tokens, cost)) {
        let expected = log(row.reduce(0) { $0 + exp($1) }) - row[Int(token)]
        #expect(abs(nats - expected) < 1e-3)
      }
    }
  }

  @Test("Words are likely ways on, to where a word ends")
  func words() throws {
    var companion = try WritingCompanion(model, precision: .float32)
    for text in ["the ", "the s", "the sea", ""] {
      companion.read(text)
      let words = companion.words(3)
      #expect(!words.isEmpty)
      #expect(Set(words.map(\.text)).count == words.count)
      for word in words {
        #expect(word.text.last?.isLetter == true, "\(word.text.debugDescription)")
        var (read, probability) = (text, 1.0)
        for character in word.text {
          let token = try #require(model.tokenizer.encode(String(character)).first)
          probability *= probabilities(after: read)[Int(token)]
          read.append(character)
        }
        #expect(abs(word.probability - probability) < 1e-3)
      }
      // Looking ahead leaves the place where it was.
      let before = companion.characters(3)
      _ = companion.words(3)
      #expect(companion.characters(3) == before)
    }
  }

  @Test("A text is read in pieces, and what the model writes goes on behind it")
  func pieces() throws {
    let text = String(repeating: "the sea was calm and grey ", count: 6)
    var companion = try WritingCompanion(model, precision: .float32)
    companion.begin(text)
    #expect(companion.tokenCount == text.count && companion.readCount == 0)
    companion.readOn(70)
    #expect(companion.readCount == 70)
    // What was read stays while more is typed.
    companion.begin(text + "a")
    #expect(companion.tokenCount == text.count + 1 && companion.readCount == 70)
    while companion.readCount < companion.tokenCount { companion.readOn(32) }
    var whole = try WritingCompanion(model, precision: .float32)
    whole.read(text + "a")
    #expect(companion.characters(3).map(\.text) == whole.characters(3).map(\.text))
    for length in [0, 1, 32, 33, text.count] {
      let read = String(text.prefix(length))
      companion.read(read)
      let rules = try WritingRules(maximumCount: 20)
      let sampling = [try Temperature(0)]
      let continued = try companion.continuation(sampling: sampling, rules: rules, seed: 1)
      let generated = try model.generate(from: read, sampling: sampling, rules: rules, seed: 1)
      #expect(Array(continued).joined() == Array(generated).joined(), "\(length)")
    }
  }

  @Test("A character that the model does not know has its cost; a changed text has none")
  func unknown() throws {
    var companion = try WritingCompanion(model, precision: .float32)
    companion.read("the 水 sea")
    #expect(companion.surprisals(of: "the 水 sea").count == 9)
    #expect(companion.surprisals(of: "The 水 sea").isEmpty)
  }
}
