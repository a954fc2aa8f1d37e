import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Writing: contrastive search")
struct ContrastiveSearchTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// What the model knows after each of the tokens behind the boundary, and the logits, of one call.
  private func read<Model: LanguageModel>(
    _ model: Model, _ tokens: [TokenID]
  ) -> (hidden: [[Double]], logits: [Double]) {
    var state = model.initialState(batchSize: 1)
    let all = [Vocabulary.boundary] + tokens
    let batch = TokenBatch(all, timeLength: all.count, batchSize: 1)
    let (hidden, logits) = model.read(batch, state: &state, .inference())
    func rows(_ tensor: Tensor) -> [[Double]] {
      let (values, width) = (tensor.array.map(Double.init), tensor.shape[2])
      return all.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    return (rows(hidden), rows(logits)[tokens.count])
  }

  private func cosine(_ left: [Double], _ right: [Double]) -> Double {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
  }

  /// The definition, reading the whole text anew for every candidate; the margin to the next best score
  /// tells where rounding could decide.
  @Test("Each token is the one that the definition takes", arguments: [(4, 0.6), (3, 0.2), (8, 1)])
  func definition(count: Int, penalty: Double) throws {
    let search = try ContrastiveSearch(candidateCount: count, penalty: penalty)
    let found = try model.search(search, from: "the ", rules: WritingRules(maximumCount: 12))
    #expect(found.tokens.count == 12 || found.finishReason == .document)
    var tokens = model.tokenizer.encode("the ")
    for written in found.tokens {
      let (hidden, logits) = read(model.languageModel, tokens)
      let sum = logits.reduce(0) { $0 + exp($1) }
      let order = logits.indices.filter { $0 != Int(Vocabulary.unknown) }
        .sorted { logits[$0] > logits[$1] }
      let scores = order.prefix(count).map { token -> (token: TokenID, score: Double) in
        let own = read(model.languageModel, tokens + [TokenID(token)]).hidden[tokens.count + 1]
        let nearest = hidden.map { cosine($0, own) }.max() ?? 0
        return (TokenID(token), (1 - penalty) * exp(logits[token]) / sum - penalty * nearest)
      }.sorted { $0.score > $1.score }
      let chosen = scores.first { $0.token == written.token }
      #expect(chosen != nil)
      #expect((scores.first?.score ?? 0) - (chosen?.score ?? -1) < 1e-4)
      tokens.append(written.token)
    }
  }

  @Test("Without a penalty it takes the likeliest token each time")
  func greedy() throws {
    let rules = try WritingRules(maximumCount: 30)
    let found = try model.search(
      ContrastiveSearch(candidateCount: 5, penalty: 0), from: "the ", rules: rules)
    let best = try model.search(BeamSearch(width: 1), from: "the ", rules: rules)
    #expect(found.tokens.map(\.token) == best.first?.tokens.map(\.token))
    #expect(found.finishReason == best.first?.finishReason)
  }

  @Test("Constraints and ends hold")
  func constraints() throws {
    let search = try ContrastiveSearch(candidateCount: 4, penalty: 0.9)
    let automaton = try TokenAutomaton([.regex("(sea|bell){3}")], tokenizer: model.tokenizer)
    let rules = try WritingRules(maximumCount: 20, constraints: automaton)
    let text = try model.search(search, from: "the ", rules: rules)
    #expect(try Regex("(sea|bell){3}").wholeMatch(in: text.tokens.map(\.text).joined()) != nil)
    #expect(text.finishReason == .complete)
    let line = try model.search(
      search, from: "the ", rules: WritingRules(maximumCount: 60, stops: ["e"]))
    #expect(line.tokens.allSatisfy { $0.text != "e" })
    let none = try model.search(search, rules: WritingRules(maximumCount: 0))
    #expect(none.tokens.isEmpty)
  }

  @Test("What makes no sense")
  func refused() throws {
    for count in [1, 0, -1, 2000] {
      #expect(throws: SamplingError.self) { try ContrastiveSearch(candidateCount: count) }
    }
    for penalty in [-0.1, 1.1, .nan] {
      #expect(throws: SamplingError.self) { try ContrastiveSearch(penalty: penalty) }
    }
    #expect(throws: SamplingError.self) { try model.search(ContrastiveSearch(), rules: .none) }
  }
}
