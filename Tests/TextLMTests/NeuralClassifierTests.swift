import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Neural classifiers")
struct NeuralClassifierTests {
  private static let texts = ["", "a", "fade", "bad cab", "a decade faced"]

  @Test(
    "A text's probabilities do not depend on longer ones beside it", arguments: TextPooling.allCases
  )
  func padding(pooling: TextPooling) throws {
    for (kind, sides, architecture) in [
      (LabelKind.single, ReadingSides.both, "lstm"), (.multiple, .forward, "transformer"),
      (.ordinal, .both, "gru"),
    ] {
      let classifier = try SmallClassifiers.classifier(
        kind, architecture: architecture, sides: sides, pooling: pooling)
      let together = try classifier.probabilities(of: Self.texts)
      for (text, probabilities) in zip(Self.texts, together) {
        let alone = try classifier.probabilities(of: [text])[0]
        expectClose(probabilities, alone, tolerance: 1e-5, "\(architecture), \"\(text)\"")
        #expect(probabilities.count == 3)
        if kind != .multiple {
          expectClose(probabilities.reduce(0, +), 1, tolerance: 1e-12, "sum for \(kind)")
        }
      }
      // Constant answers would pass.
      #expect(Set(together.map { $0[0] }).count == Self.texts.count)
    }
    let classifier = try SmallClassifiers.classifier(pooling: pooling)
    #expect(try classifier.probabilities(of: []).isEmpty)
  }

  @Test("Gradients match differences", arguments: TextPooling.allCases)
  func gradients(pooling: TextPooling) throws {
    let truth: [(LabelKind, [[Int]])] = [
      (.single, [[0], [2], [1]]), (.multiple, [[0, 2], [], [1]]), (.ordinal, [[2], [0], [1]]),
    ]
    for (kind, truth) in truth {
      let classifier = try SmallClassifiers.classifier(
        kind, architecture: "rnn", size: 2, sides: kind == .ordinal ? .forward : .both,
        pooling: pooling)
      let batch = ClassifierBatch(["ab", "", "cabfe"].map { classifier.tokenizer.encode($0) })
      var regularization = Regularization()
      regularization.labelSmoothing = 0.1
      checkGradients(
        "\(pooling) and \(kind)", parameters: classifier.parameters,
        regularization: regularization
      ) { pass, _ in
        classifier.loss(batch, truth: truth, classWeights: [1, 2, 0.5], pass)
      }
    }
  }

  @Test(
    "A text that is read in windows is read as a whole",
    arguments: ["lstm", "gru", "transformer", "wavenet", "ntm"])
  func windows(architecture: String) throws {
    for pooling in TextPooling.allCases {
      for sides in ReadingSides.allCases {
        let classifier = try SmallClassifiers.classifier(
          architecture: architecture, sides: sides, pooling: pooling)
        // Longer than three windows, as long as one, shorter, and empty.
        let tokens = ["faced a decade", "abcd", "bad", ""].map { classifier.tokenizer.encode($0) }
        let whole = classifier.logits(of: tokens)
        let inWindows = classifier.logits(of: tokens, windowLength: 4)
        for (left, right) in zip(inWindows, whole) {
          expectClose(
            left.map(Double.init), right.map(Double.init), tolerance: 1e-4, "\(pooling), \(sides)")
        }
      }
    }
  }

  @Test(
    "Texts side by side are read in stretches as each is alone",
    arguments: ["lstm", "transformer", "tcn"])
  func stretches(architecture: String) throws {
    for pooling in TextPooling.allCases {
      let classifier = try SmallClassifiers.classifier(
        architecture: architecture, sides: .both, pooling: pooling)
      // Shorter than a stretch, one, and more than two.
      let tokens = [0, 3, 62, 63, 64, 65, 150].map { count in
        classifier.tokenizer.encode(
          String(String(repeating: "a decade faced ", count: 10).prefix(count)))
      }
      let together = classifier.logits(of: tokens)
      let windows = classifier.logits(of: tokens, windowLength: 1)
      for (left, right) in zip(together, windows) {
        expectClose(left.map(Double.init), right.map(Double.init), tolerance: 1e-4, "\(pooling)")
      }
    }
  }

  @Test("A text of 100,000 characters is read", arguments: TextStructure.allCases)
  func longText(structure: TextStructure) throws {
    let classifier = try SmallClassifiers.classifier(structure: structure, pooling: .attention)
    let text = String(repeating: "a decade faced. ", count: 6_250)
    let found = try classifier.probabilities(of: [text, "a"])
    #expect(found.allSatisfy { $0.allSatisfy { $0 > 0 && $0 < 1 } })
  }

  @Test("A hierarchy reads words and the text of them", arguments: ReadingSides.allCases)
  func hierarchy(sides: ReadingSides) throws {
    let classifier = try SmallClassifiers.classifier(
      architecture: "rnn", size: 2, structure: .hierarchy, sides: sides)
    let batch = ClassifierBatch(["ab cd", "", "a  fe"].map { classifier.tokenizer.encode($0) })
    checkGradients("hierarchy", parameters: classifier.parameters) { pass, _ in
      classifier.loss(batch, truth: [[0], [2], [1]], classWeights: nil, pass)
    }
    let texts = Self.texts + ["abc def a b"]
    for (text, probabilities) in zip(texts, try classifier.probabilities(of: texts)) {
      expectClose(
        try classifier.probabilities(of: [text])[0], probabilities, tolerance: 1e-5, "\(text)")
    }
    #expect(
      classifier.parameterCount
        == classifier.configuration.parameterCount(
          vocabularySize: classifier.tokenizer.vocabulary.count))
    let json = JSONField(classifier.configuration.json, path: "config")
    #expect(try NeuralClassifierConfiguration(json).json == classifier.configuration.json)
    // Of the boundary and the words' tokens, which have all of the attention together.
    let weights = try #require(classifier.attention(in: "ab cd"))
    #expect(weights.values.count == 5 && weights.values.allSatisfy { $0 > 0 })
    #expect(weights.values.reduce(0, +) < 1)
    #expect(throws: NeuralClassifierError.self) {
      try SmallClassifiers.configuration(
        SmallClassifiers.labels(), structure: .hierarchy, pooling: .mean)
    }
  }

  @Test("A text of a class that weighs twice counts as two texts")
  func classWeights() throws {
    for (kind, weights) in [(LabelKind.single, [1.0, 2, 1]), (.ordinal, [1, 2, 1])] {
      let classifier = try SmallClassifiers.classifier(kind)
      let tokens = ["ab", "cab"].map { classifier.tokenizer.encode($0) }
      let pass = ForwardPass.inference()
      let weighted = classifier.loss(
        ClassifierBatch(tokens), truth: [[0], [1]], classWeights: weights, pass)
      let repeated = classifier.loss(
        ClassifierBatch(tokens + [tokens[1]]), truth: [[0], [1], [1]], classWeights: nil, pass)
      expectClose(Double(weighted.item), Double(repeated.item), tolerance: 1e-6, "\(kind)")
    }
    let examples = ClassifierExamples(
      texts: ["a", "b", "c", "d"], truth: [[0], [0], [0], [1]])
    // 4 / (2 · 3) and 4 / (2 · 1).
    expectClose(
      examples.balancedWeights(classCount: 2), [2.0 / 3, 2], tolerance: 1e-12, "balanced")
  }

  @Test("What logits mean")
  func probabilities() {
    // ln 3: odds of three to one.
    let logit: Float = 1.0986122886681098
    func expect(_ kind: LabelKind, _ logits: [Float], _ wanted: [Double]) {
      expectClose(
        ClassifierHead.probabilities(kind, logits: logits), wanted, tolerance: 1e-7, "\(kind)")
    }
    expect(.single, [0, logit], [0.25, 0.75])
    // Where e^x would overflow.
    expect(.single, [1000, 1000, -1000], [0.5, 0.5, 0])
    expect(.multiple, [0, logit, -logit], [0.5, 0.75, 0.25])
    // More than the first with 0.75, more than the second with 0.25.
    expect(.ordinal, [logit, -logit], [0.25, 0.5, 0.25])
    // A rise counts as none.
    expect(.ordinal, [-logit, logit], [0.75, 0, 0.25])
  }

  @Test("Occlusion and attention speak of each scalar")
  func explaining() throws {
    let classifier = try SmallClassifiers.classifier(pooling: .attention)
    let text = "cabé fe"  // é is unknown.
    let values = try classifier.occlusion(of: text)
    #expect(values.count == 7)
    let whole = try classifier.probabilities(of: [text])[0]
    let chosen = try #require(whole.indices.max { whole[$0] < whole[$1] })
    let without = try classifier.probabilities(of: ["cbé fe", "cabéfe"]).map { $0[chosen] }
    expectClose(values[1], whole[chosen] - without[0], tolerance: 1e-6, "without the a")
    expectClose(values[4], whole[chosen] - without[1], tolerance: 1e-6, "without the space")
    let weights = try #require(classifier.attention(in: text)).perScalar(of: text)
    let total = weights.reduce(0, +)
    #expect(weights.count == 7 && total > 0 && total < 1)
    #expect(try classifier.occlusion(of: "").isEmpty)
    #expect(try SmallClassifiers.classifier(pooling: .mean).attention(in: text) == nil)
    // A scalar that is spelled in two bytes has both of their tokens.
    let bytes = TextContributions(ranges: [0..<1, 1..<2, 2..<3, 3..<4], values: [1, 2, 4, 8])
    #expect(bytes.perScalar(of: "e\u{301}x") == [1, 6, 8])
    // Letters of a word have the word's.
    let words = TextContributions(ranges: [0..<2, 2..<3, 3..<5], values: [1, 2, 4])
    #expect(words.perScalar(of: "ab cd") == [1, 1, 2, 4, 4])
  }

  @Test("Batches have every text once, within their limits, by a seed")
  func batches() {
    let lengths = (0..<500).map { 1 + ($0 * 37) % 90 }
    let rule = LengthBatches(rowLimit: 7, stepLimit: 200)
    func check(_ batches: [[Int]]) {
      #expect(batches.joined().sorted() == Array(0..<500))
      for batch in batches {
        let longest = batch.map { lengths[$0] }.max() ?? 0
        #expect(batch.count <= 7 && (batch.count == 1 || batch.count * longest <= 200))
      }
    }
    check(rule.sorted(lengths))
    let first = rule.shuffled(lengths, random: RandomSource(seed: 1))
    check(first)
    #expect(first == rule.shuffled(lengths, random: RandomSource(seed: 1)))
    #expect(first != rule.shuffled(lengths, random: RandomSource(seed: 2)))
    #expect(LengthBatches(rowLimit: 7, stepLimit: 200).sorted([]).isEmpty)
    #expect(rule.sorted([500, 1]) == [[1], [0]])
  }

  @Test("A classifier that is stored is the same afterwards, and one that is none is refused")
  func storage() throws {
    let folder = try StorageTestFolder()
    for kind in LabelKind.allCases {
      let classifier = try SmallClassifiers.classifier(kind, pooling: .attention)
      let path = folder.path("\(kind).safetensors")
      try classifier.write(to: path, card: ["seed": 1])
      let stored = try NeuralClassifier(contentsOf: path)
      #expect(stored.labels == classifier.labels && stored.tokenizer == classifier.tokenizer)
      #expect(stored.configuration.json == classifier.configuration.json)
      #expect(
        try stored.probabilities(of: Self.texts) == classifier.probabilities(of: Self.texts))
      #expect(
        classifier.parameterCount
          == classifier.configuration.parameterCount(
            vocabularySize: classifier.tokenizer.vocabulary.count))
    }
    let damaged = try SmallClassifiers.classifier()
    let parameter = damaged.parameters[0]
    parameter.value = Tensor(repeating: .nan, shape: parameter.shape)
    let path = folder.path("damaged.safetensors")
    #expect(throws: ModelError.notFinite(path: path, name: parameter.path)) {
      try damaged.write(to: path)
    }
    #expect(try !folder.names.contains("damaged.safetensors"))
    #expect(throws: NeuralClassifierError.notFinite(text: "a")) {
      try damaged.probabilities(of: ["a"])
    }
    let model = try TestModel(steps: 1)
    #expect(throws: ModelError.self) { try NeuralClassifier(contentsOf: model.path) }
  }

  @Test("Settings that make no sense are refused")
  func refusals() throws {
    let labels = try SmallClassifiers.labels()
    func make(dropout: Double = 0, attentionSize: Int = 4, labels: LabelSet) throws {
      _ = try NeuralClassifierConfiguration(
        labels: labels, architecture: SmallModels.architecture(), attentionSize: attentionSize,
        dropout: dropout)
    }
    #expect(
      throws: NeuralClassifierError.setting(
        name: "dropout", value: "1.0", allowed: "a number from 0 to below 1")
    ) { try make(dropout: 1, labels: labels) }
    #expect(throws: NeuralClassifierError.self) { try make(attentionSize: 0, labels: labels) }
    #expect(throws: NeuralClassifierError.tooFewLabels(names: ["a"])) {
      try make(labels: LabelSet(kind: .single, names: ["a"]))
    }
  }
}
