import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Models that adapt to what they read")
struct AdaptationTests {
  /// The case `neural_cache`, computed by PyTorch in float64 with fill as in `Fill.swift`:
  ///
  /// ```python
  /// h = fill(1, (6, 3), 1.0); nxt = torch.tensor([2, 0, 2, 3, 1]); pv = torch.softmax(fill(2, (4,), 1.0), 0)
  /// a = torch.softmax(0.6 * (h[:5] @ h[5]), 0); pc = torch.zeros(4).index_add(0, nxt, a)
  /// p = (1 - 0.2) * pv + 0.2 * pc
  /// ```
  @Test("The cache's probabilities")
  func cacheGolden() throws {
    let states = fill(1, [6, 3], 1)
    let exponentials = fill(2, [4], 1).array.map { exp(Double($0)) }
    let model = exponentials.map { $0 / exponentials.reduce(0, +) }
    var cache = try NeuralCache(length: 5, flatness: 0.6, weight: 0.2)
    // In two parts, which must make no difference.
    let first = cache.mix([model[2], model[0]], of: [2, 0], hidden: states[rows: 0..<2])
    #expect(first[0] == model[2], "an empty cache leaves what the model says")
    _ = cache.mix([0.1, 0.1, 0.1], of: [2, 3, 1], hidden: states[rows: 2..<5])
    let mixed = (0..<4).map { token in
      var copy = cache
      return copy.mix([model[token]], of: [TokenID(token)], hidden: states[rows: 5..<6])[0]
    }
    expectClose(
      mixed, [0.218453795567956, 0.13028997196484635, 0.2314564016624625, 0.41979983080473526],
      tolerance: 1e-6, "p")
    let ofCache = zip(mixed, model).map { (mixed: Double, model: Double) -> Double in
      (mixed - 0.8 * model) / 0.2
    }
    expectClose(
      ofCache,
      [0.1782653458300746, 0.07667427205689181, 0.39055534971138484, 0.35450503240164877],
      tolerance: 2e-6, "p of the cache")
  }

  @Test("The cache remembers its length and no more, however it is read")
  func cacheLength() throws {
    let states = fill(3, [40, 3], 1)
    let tokens = (0..<40).map { TokenID($0 * 7 % 5) }
    let model = (0..<40).map { 0.1 + 0.01 * Double($0) }
    func mixed(_ lengths: [Int], length: Int) throws -> [Double] {
      var cache = try NeuralCache(length: length, flatness: 2, weight: 0.3)
      var start = 0
      return lengths.flatMap { count in
        let part = start..<start + count
        start += count
        return cache.mix(
          Array(model[part]), of: Array(tokens[part]), hidden: states[rows: part])
      }
    }
    for length in [1, 7, 100] {
      let whole = try mixed([40], length: length)
      expectClose(
        try mixed([1, 5, 20, 14], length: length), whole, tolerance: 1e-6, "length \(length)")
    }
    // With one place, the cache says the last token again.
    for (step, probability) in try mixed([40], length: 1).enumerated().dropFirst() {
      let again = tokens[step] == tokens[step - 1] ? 0.3 : 0
      expectClose(probability, 0.7 * model[step] + again, tolerance: 1e-9, "step \(step)")
    }
  }

  /// The case `dynamic_eval_rms_step`, computed in Python with fill as in `Fill.swift`:
  ///
  /// ```python
  /// t0 = fill(1, (4,), 1.0); t = t0 + fill(2, (4,), 0.1); g = fill(3, (4,), 1.0); ms = fill(4, (4,), 1.0).abs() + 0.1
  /// lr, lamb, eps = 0.01, 0.02, 1e-3; dec = torch.clamp(ms / ms.mean(), max=1 / lamb)
  /// theta_next = t + lamb * dec * (t0 - t) - lr * g / (ms + eps)
  /// ```
  @Test("A step of dynamic evaluation")
  func dynamicGolden() throws {
    let initial = fill(1, [4], 1)
    let moves = fill(2, [4], 0.1).array
    let weights = Tensor((0..<4).map { initial.array[$0] + moves[$0] }, shape: [4])
    let sizes: [Float] = fill(4, [4], 1).array.map { abs($0) + 0.1 }
    let rule = try DynamicEvaluation(rate: 0.01, decayRate: 0.02, epsilon: 1e-3)
    let next = rule.step(
      weights, initial: initial, gradient: fill(3, [4], 1), sizes: Tensor(sizes, shape: [4]),
      meanSize: sizes.reduce(0) { $0 + Double($1) } / 4)
    expectClose(
      next.array.map(Double.init),
      [0.8668013824222837, 0.1426263533982654, -0.6944591656536401, -1.0091612383179962],
      tolerance: 1e-6, "weights")
  }

  @Test("Where there never was a gradient, nothing moves, and decay goes no further than back")
  func dynamicBounds() throws {
    let rule = try DynamicEvaluation(rate: 0.1, decayRate: 0.5, epsilon: 0)
    let next = rule.step(
      Tensor([1, 1], shape: [2]), initial: Tensor([3, 3], shape: [2]),
      gradient: Tensor([0, 0], shape: [2]), sizes: Tensor([0, 100], shape: [2]), meanSize: 1)
    #expect(next.array == [1, 3])
  }

  @Test("Gradients in inference: nothing is dropped")
  func inferenceGradients() {
    let x = fill(1, [4, 3], 1)
    let (value, gradients) = valueWithGradientsInInference { pass in
      pass.watch(x)
      return pass.sum(pass.dropout(x, rate: 0.5))
    }
    expectClose(Double(value), x.array.reduce(0) { $0 + Double($1) }, tolerance: 1e-6, "value")
    #expect(gradients[x]?.array == Array(repeating: 1, count: 12))
  }

  private static func adaptations() throws -> [(name: String, Adaptation)] {
    let (cache, dynamic) = (try NeuralCache(weight: 0.2), try DynamicEvaluation(rate: 3e-3))
    return [
      ("cache", Adaptation(cache: cache)), ("dynamic", Adaptation(dynamic: dynamic)),
      ("both", Adaptation(cache: cache, dynamic: dynamic)),
    ]
  }

  /// What each token of a text costs.
  private func costs(
    _ model: any LanguageModel, _ tokens: [TokenID], _ adaptation: Adaptation
  ) -> [Double] {
    func open<Model: LanguageModel>(_ model: Model) -> [Float] {
      Scorer(precision: .float32).scores(
        ScoringPlan(documents: [tokens], context: .exact), model, adapting: adaptation)
    }
    return open(model).map(Double.init)
  }

  @Test("What adapts pays less for a text that repeats itself, and forgets it with its end")
  func adapts() throws {
    let model = try TestModel().model
    let texts = [
      String(repeating: SmallTexts.noise(150, letters: 8, seed: 2), count: 6),
      SmallTexts.prose(300, seed: 3),
    ].map { UTF8Text($0) }
    let before = model.languageModel.parameters.map(\.value)
    let plain = try model.score(texts, context: .exact)
    for (name, adaptation) in try Self.adaptations() {
      let adapted = try model.score(texts, adapting: adaptation)
      #expect(adapted.map(\.counts) == plain.map(\.counts), "\(name)")
      #expect(adapted[0].nats < 0.95 * plain[0].nats, "\(name): \(adapted[0].nats)")
      #expect(try model.score([texts[1]], adapting: adaptation)[0] == adapted[1], "\(name)")
      for (parameter, value) in zip(model.languageModel.parameters, before) {
        expectIdentical(parameter.value, value, "\(name): \(parameter.path)")
      }
    }
  }

  @Test("No token is predicted by what has seen it")
  func causality() throws {
    let model = try TestModel().model
    let tokens = model.tokenizer.encode(SmallTexts.prose(130, seed: 4))
    var other = tokens
    for place in 77..<130 { other[place] = tokens[129 - (place - 77)] }
    let plain = costs(model.languageModel, tokens, Adaptation())
    for (name, adaptation) in try Self.adaptations() {
      let (one, two) = (
        costs(model.languageModel, tokens, adaptation),
        costs(model.languageModel, other, adaptation)
      )
      #expect(one.count == 130 && one[..<77] == two[..<77] && one[77...] != two[77...], "\(name)")
      #expect(one != plain, "\(name)")
    }
  }

  @Test("Adapting by nothing is measuring")
  func nothing() throws {
    let model = try TestModel().model
    let text = UTF8Text(SmallTexts.prose(500, seed: 6))
    let plain = try model.score([text], precision: .float32, context: .exact)[0]
    let adaptations = [
      Adaptation(), Adaptation(cache: try NeuralCache(weight: 0)),
      Adaptation(dynamic: try DynamicEvaluation(rate: 0)),
    ]
    for adaptation in adaptations {
      let result = try model.score([text], adapting: adaptation, precision: .float32)[0]
      expectClose(result.nats, plain.nats, tolerance: 1e-5, "nats")
    }
    #expect(try model.score([UTF8Text("")], adapting: Adaptation()) == [Evaluation()])
    let ended = try model.score([text], includesEnds: true, adapting: Adaptation())[0]
    #expect(ended.tokenCount == plain.tokenCount + 1)
  }

  @Test("Numbers that make no sense")
  func outOfRange() {
    #expect(
      throws: AdaptationError.outOfRange(
        name: "cache length", value: "0", allowed: "1 or more")
    ) { try NeuralCache(length: 0) }
    let error = #expect(throws: AdaptationError.self) { try NeuralCache(weight: 1) }
    #expect(error?.description == "cache weight is 1.0, but must be from 0 to below 1")
    #expect(throws: AdaptationError.self) { try NeuralCache(flatness: -1) }
    #expect(throws: AdaptationError.self) { try NeuralCache(flatness: .infinity) }
    #expect(throws: AdaptationError.self) { try NeuralCache(weight: .nan) }
    #expect(throws: AdaptationError.self) { try DynamicEvaluation(rate: -1e-9) }
    #expect(throws: AdaptationError.self) { try DynamicEvaluation(decayRate: 1) }
    #expect(throws: AdaptationError.self) { try DynamicEvaluation(segmentLength: 0) }
    #expect(throws: AdaptationError.self) { try DynamicEvaluation(epsilon: .nan) }
  }
}
