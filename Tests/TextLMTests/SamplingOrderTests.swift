import Foundation
import TextLM
import Testing

@Suite("Sampling: order, bias and places of words")
struct SamplingOrderTests {
  private func tokenizer(_ text: String) throws -> Tokenizer {
    try Tokenizer(trainedOn: [UTF8Text(text)])
  }

  @Test("Processors are sorted by the order, whatever it was that they were given in")
  func sorting() throws {
    let processors: [any LogitsProcessor] = [
      try TopP(0.9), try Temperature(0.8),
      try DRY(
        multiplier: 1, base: 1, allowedLength: 1, window: 1),
    ]
    func names(_ order: SamplingOrder) throws -> [String] {
      try order.sorted(processors).map { type(of: $0).name }
    }
    #expect(try names(.standard) == ["dry", "temperature", "top-p"])
    #expect(
      try names(SamplingOrder("top-p, temperature,xtc,dry")) == ["top-p", "temperature", "dry"])
    #expect(throws: SamplingError.unorderedProcessor(name: "dry")) {
      try SamplingOrder("top-p,temperature").sorted(processors)
    }
    #expect(throws: SamplingError.repeatedProcessor(name: "dry")) {
      try SamplingOrder("dry,dry")
    }
    #expect(
      throws: SamplingError.unknownProcessor(name: "", known: SamplingOrder.standard.names)
    ) {
      try SamplingOrder("")
    }
    #expect(Set(SamplingOrder.standard.names).count == SamplingOrder.standard.names.count)
  }

  @Test("The order is that of the draws")
  func order() throws {
    // Of 0.5, 0.3 and 0.2 a nucleus of 0.7 has two; at τ = 10 all are nearly alike, and it has three.
    let logits = [0.5, 0.3, 0.2].map { Float(log($0)) }
    func kinds(_ order: String) throws -> Int {
      var sampler = Sampler(
        try SamplingOrder(order).sorted([try TopP(0.7), try Temperature(10)]),
        random: RandomSource(seed: 1))
      return Set((0..<1000).map { _ in sampler.next(logits) }).count
    }
    #expect(try kinds("top-p,temperature") == 2)
    #expect(try kinds("temperature,top-p") == 3)
  }

  /// Odds of token i over the others are multiplied by e^b: frequencies over 100,000 draws, within 5
  /// standard deviations.
  @Test("A bias multiplies the odds")
  func bias() throws {
    let tokenizer = try tokenizer("aaab=")
    let token = try #require(tokenizer.encode("b").first)
    let bias = try LogitBias([("b", log(3))], tokenizer: tokenizer)
    var sampler = Sampler([bias], random: RandomSource(seed: 6))
    let logits = [Float](repeating: 0, count: tokenizer.vocabulary.count)
    let count = (0..<100_000).count { _ in sampler.next(logits) == token }
    let probability = 3 / Double(logits.count + 2)
    let deviation = (100_000 * probability * (1 - probability)).squareRoot()
    #expect(abs(Double(count) - 100_000 * probability) < 5 * deviation)
  }

  @Test("A bias needs a character that is one token, once, and a number within bounds")
  func biasRefused() throws {
    let tokenizer = try tokenizer("abé")
    #expect(
      throws: SamplingError.noToken(
        name: "logit-bias", text: "x", reason: "it is not in the vocabulary")
    ) { try LogitBias([("x", 1)], tokenizer: tokenizer) }
    #expect(throws: SamplingError.noToken(name: "logit-bias", text: "ab", reason: "it is 2 tokens"))
    {
      try LogitBias([("ab", 1)], tokenizer: tokenizer)
    }
    #expect(throws: SamplingError.self) { try LogitBias([("a", 101)], tokenizer: tokenizer) }
    #expect(throws: SamplingError.self) { try LogitBias([("a", .nan)], tokenizer: tokenizer) }
    #expect(throws: SamplingError.self) {
      try LogitBias([("a", 1), ("a", 2)], tokenizer: tokenizer)
    }
    // Prepared as all text is: the é of two scalars is that of one.
    #expect(try LogitBias([("e\u{301}", 1)], tokenizer: tokenizer).biases.count == 1)
  }

  @Test(
    "Words go on after letters, marks and digits, and after an apostrophe behind one",
    arguments: [
      ("", true), ("a", false), ("a ", true), ("a1", false), ("don'", false), (" '", true),
      ("'", true), ("a''", true), ("l\u{2019}", false), ("Ω", false), ("名", false), ("a-", true),
      ("a\n", true), ("(", true), ("q\u{308}", false),
    ])
  func wordPlaces(text: String, isStart: Bool) throws {
    let tokenizer = try tokenizer("ad onl'1Ω名-\n(q\u{308}\u{2019}")
    let places = try WordPlaces(tokenizer.vocabulary)
    #expect(places.isWordStart(after: tokenizer.encode(text)) == isStart)
  }

  @Test("Words begin with one temperature and go on with another")
  func wordTemperature() throws {
    let tokenizer = try tokenizer("ab ")
    let processor = WordTemperature(
      start: try Temperature(100), inside: try Temperature(0),
      places: try WordPlaces(tokenizer.vocabulary))
    let logits = (0..<tokenizer.vocabulary.count).map { Float($0) }
    func kept(after text: String) -> Int {
      var (changed, context) = (logits, SamplingContext(prompt: tokenizer.encode(text)))
      processor.process(&changed, &context)
      return changed.count { $0 > -.infinity }
    }
    #expect(kept(after: "a ") == logits.count && kept(after: "") == logits.count)
    #expect(kept(after: "a") == 1 && kept(after: " b") == 1)
  }
}
