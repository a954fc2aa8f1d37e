import TextLM
import TextLMTestSupport
import Testing

@Suite("Noise in what is read")
struct TokenNoiseTests {
  private let tokenizer: Tokenizer
  /// 40,000 tokens of four rows.
  private let batch: TokenBatch

  init() throws {
    let text = "aAaB bcé. " + String(repeating: "ab ", count: 30)
    tokenizer = try TrainingData(
      [SmallTexts.file(text)],
      TrainingData.Options(split: .none, batchSize: 1, sequenceLength: 8)
    ).tokenizer
    let tokens = tokenizer.encode(String(repeating: "aAaB bcé. ", count: 4000))
    batch = TokenBatch(tokens, timeLength: tokens.count / 4, batchSize: 4)
  }

  private func noisy(_ rule: NoiseRule, seed: UInt64 = 1) throws -> [TokenID] {
    let noise = try #require(TokenNoise(rule, tokenizer.vocabulary))
    var random = RandomSource(seed: seed)
    let result = noise.apply(to: batch, random: &random)
    #expect(result.timeLength == batch.timeLength && result.batchSize == batch.batchSize)
    return result.tokens
  }

  private func share(_ tokens: [TokenID], _ isHit: (TokenID, TokenID) -> Bool) -> Double {
    Double(zip(batch.tokens, tokens).count { isHit($0, $1) }) / Double(tokens.count)
  }

  @Test("No noise is none at all")
  func none() {
    #expect(TokenNoise(.none, tokenizer.vocabulary) == nil)
  }

  @Test("Deletion hides as many as asked for")
  func deletion() throws {
    let tokens = try noisy(NoiseRule(deletion: 0.1))
    #expect(abs(share(tokens) { $1 == Vocabulary.unknown } - 0.1) < 0.01)
    #expect(share(tokens) { $1 != $0 && $1 != Vocabulary.unknown } == 0)
  }

  @Test("Substitutes come by their frequency in the training text")
  func substitution() throws {
    let tokens = try noisy(NoiseRule(substitution: 0.9999999))
    let vocabulary = tokenizer.vocabulary
    let total = Double(vocabulary.counts.reduce(0, +))
    for (index, count) in vocabulary.counts.enumerated() {
      let token = TokenID(vocabulary.count - vocabulary.unitCount + index)
      // Four standard deviations of 40,000 draws at most.
      #expect(abs(share(tokens) { $1 == token } - Double(count) / total) < 0.01)
    }
  }

  @Test("Case changes where the vocabulary has the other one")
  func caseChange() throws {
    let tokens = try noisy(NoiseRule(caseChange: 0.9999999))
    // No upper-case C or É was ever seen.
    #expect(tokenizer.decode(tokens.prefix(10)) == "AaAb Bcé. ")
  }

  @Test("A swap exchanges a character with the one behind it in its row")
  func swap() throws {
    let tokens = try noisy(NoiseRule(swap: 0.05))
    #expect(tokens.sorted() == batch.tokens.sorted())
    let rows = batch.batchSize
    func row(_ tokens: [TokenID], _ row: Int) -> [TokenID] {
      stride(from: row, to: tokens.count, by: rows).map { tokens[$0] }
    }
    for index in 0..<rows {
      #expect(row(tokens, index).sorted() == row(batch.tokens, index).sorted())
    }
    let changed = share(tokens) { $0 != $1 }
    // Two places a swap, but for equal neighbours and those that are moved twice.
    #expect(changed > 0.05 && changed < 0.1)
  }

  @Test("Documents begin where they did, and the same seed gives the same")
  func boundaries() throws {
    var tokens = batch.tokens
    for place in stride(from: 0, to: tokens.count, by: 7) { tokens[place] = Vocabulary.boundary }
    let documents = TokenBatch(tokens, timeLength: batch.timeLength, batchSize: 4)
    let rule = NoiseRule(substitution: 0.3, deletion: 0.3, swap: 0.3, caseChange: 0.3)
    let noise = try #require(TokenNoise(rule, tokenizer.vocabulary))
    func apply(_ seed: UInt64) -> [TokenID] {
      var random = RandomSource(seed: seed)
      return noise.apply(to: documents, random: &random).tokens
    }
    let result = apply(3)
    #expect(
      result.indices.filter { result[$0] == Vocabulary.boundary }
        == tokens.indices.filter { tokens[$0] == Vocabulary.boundary })
    #expect(apply(3) == result && apply(4) != result)
  }
}
