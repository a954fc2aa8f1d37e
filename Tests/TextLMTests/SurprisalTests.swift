import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Surprisal, character by character")
struct SurprisalTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// Probabilities after the boundary and each token of the text, from the definition of softmax.
  private func probabilities(_ text: String) -> [[Double]] {
    trained.logits(model.tokenizer.encode(text)).map { logits in
      let total = logits.reduce(0) { $0 + exp($1) }
      return logits.map { exp($0) / total }
    }
  }

  @Test("Costs are those of scoring, and guesses the greatest probabilities")
  func definition() {
    let text = "the sea was\nno calm"
    let map = model.surprisal(UTF8Text(text), guessCount: 3, precision: .float32)
    let scores = model.scoreTokens(UTF8Text(text), precision: .float32)
    #expect(map.places.map(\.nats) == scores.map(\.nats))
    #expect(map.places.map(\.rank) == scores.map(\.rank))
    #expect(map.places.map(\.range) == scores.map(\.range))
    for (place, expected) in zip(map.places, probabilities(text)) {
      expectClose(
        place.guesses.map(\.probability), Array(expected.sorted(by: >).prefix(3)), tolerance: 1e-5,
        "probabilities")
      for guess in place.guesses {
        expectClose(
          guess.probability, expected[Int(guess.token)], tolerance: 1e-5, "\(guess.token)")
      }
      // The token that came is among the guesses just where its rank says so.
      let place0 = place.guesses.firstIndex { $0.token == place.token }
      #expect(place0 == (place.rank <= 3 ? place.rank - 1 : nil))
    }
    expectClose(
      map.places[0].bits * 0.6931471805599453, map.places[0].nats, tolerance: 1e-9, "bits")
  }

  @Test("An unknown character costs its name, and no guesses are none")
  func unknown() {
    let text = UTF8Text("a☃")
    let map = model.surprisal(text, guessCount: 0)
    #expect(map.places.map(\.range) == [0..<1, 1..<4])
    #expect(map.places[1].nats > model.tokenizer.unknownPenaltyNats)
    #expect(map.places.allSatisfy { $0.guesses.isEmpty })
    #expect(model.surprisal(UTF8Text("")).places.isEmpty)
    let shaded = ShadedText(map, of: text, model.tokenizer)
    #expect(shaded.pieces.map(\.text) == ["a", "☃"])
  }

  @Test("Long texts are read in stretches and stay in order")
  func stretches() {
    let text = UTF8Text(SmallTexts.prose(700, seed: 9))
    let whole = model.surprisal(text, guessCount: 1, precision: .float32)
    let parts = model.surprisal(
      text, guessCount: 1, precision: .float32, context: .carried(stretchLength: 100))
    #expect(whole.places.map(\.token) == parts.places.map(\.token))
    #expect(whole.places.map(\.token) == model.tokenizer.encode(text))
    expectClose(
      parts.places.map(\.nats), whole.places.map(\.nats), tolerance: 1e-3, "nats of stretches")
  }
}
