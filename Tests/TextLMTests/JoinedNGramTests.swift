import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Neural classifiers: joined n-grams")
struct JoinedNGramTests {
  private static let texts = ["", "a", "fade", "bad cab", "a decade faced"]

  private static func joined(
    _ lengths: ClosedRange<Int> = 2...3, bucketCount: Int = 7, vectorSize: Int = 2
  ) throws -> JoinedNGrams {
    try JoinedNGrams(lengths: lengths, bucketCount: bucketCount, vectorSize: vectorSize)
  }

  @Test("Every sequence with both ends has a row, the same one everywhere")
  func rows() throws {
    let boundary = Vocabulary.boundary
    let joined = try Self.joined(bucketCount: 1 << 20)
    // Of "bab" and its ends four pairs and three triples, of which none is there twice.
    let rows = joined.rows(of: [boundary, 6, 5, 6])
    #expect(rows.count == 7 && Set(rows).count == 7)
    // At each place the shorter sequence is first: the pair "ba" comes third here, and fifth there.
    #expect(joined.rows(of: [boundary, 5, 6, 5])[4] == rows[2])
    #expect(rows.allSatisfy { (0..<1 << 20).contains($0) })
    // A text that is too short is one sequence.
    let long = try Self.joined(5...6)
    #expect(long.rows(of: [boundary]).count == 1)
    #expect(long.rows(of: [boundary, 5, 6]).count == 1)
    #expect(long.rows(of: [boundary, 5, 6, 5]).count == 1)
    #expect(long.rows(of: [boundary, 5, 6, 5, 6]).count == 3)
  }

  @Test("The head sees the mean of the rows")
  func mean() throws {
    let joined = try Self.joined(1...2, bucketCount: 50, vectorSize: 1)
    let classifier = try SmallClassifiers.classifier(
      architecture: "rnn", sides: .forward, pooling: .last, joinedNGrams: joined)
    func set(_ path: String, _ value: (Shape) -> Tensor) throws {
      let parameter = try #require(classifier.parameters.first { $0.path == path })
      parameter.value = value(parameter.shape)
    }
    // Row r is the number r, which the second output is.
    try set("ngrams.weight") { shape in
      #expect(shape == [50, 1])
      return Tensor((0..<50).map { Float($0) }, shape: shape)
    }
    try set("head.weight") { shape in
      #expect(shape == [3, 5])
      var values = [Float](repeating: 0, count: 15)
      values[9] = 1
      return Tensor(values, shape: shape)
    }
    try set("head.bias") { Tensor(zeros: $0) }
    let tokens = Self.texts.map { classifier.tokenizer.encode($0) }
    for (text, logits) in zip(tokens, classifier.logits(of: tokens)) {
      let rows = joined.rows(of: [Vocabulary.boundary] + text).map(Double.init)
      let mean = rows.reduce(0, +) / Double(rows.count)
      expectClose(logits.map(Double.init), [0, mean, 0], tolerance: 1e-4, "\(text)")
    }
  }

  @Test(
    "A text's probabilities depend neither on others beside it nor on windows",
    arguments: TextStructure.allCases)
  func reading(structure: TextStructure) throws {
    for pooling in structure == .hierarchy ? [TextPooling.attention] : TextPooling.allCases {
      let classifier = try SmallClassifiers.classifier(
        structure: structure, pooling: pooling, joinedNGrams: Self.joined())
      let together = try classifier.probabilities(of: Self.texts)
      for (text, probabilities) in zip(Self.texts, together) {
        expectClose(
          try classifier.probabilities(of: [text])[0], probabilities, tolerance: 1e-5,
          "\(pooling), \"\(text)\"")
      }
      #expect(Set(together.map { $0[0] }).count == Self.texts.count)
    }
    let classifier = try SmallClassifiers.classifier(
      sides: .forward, pooling: .attention, joinedNGrams: Self.joined(1...5))
    // More sequences than are looked up at once.
    let long = classifier.tokenizer.encode(String(repeating: "a decade faced ", count: 80))
    let tokens = [long, classifier.tokenizer.encode("bad"), []]
    let inWindows = classifier.logits(of: tokens, windowLength: 500)
    for (left, right) in zip(inWindows, classifier.logits(of: tokens)) {
      expectClose(left.map(Double.init), right.map(Double.init), tolerance: 1e-4, "in windows")
    }
  }

  @Test("Gradients match differences", arguments: TextStructure.allCases)
  func gradients(structure: TextStructure) throws {
    let classifier = try SmallClassifiers.classifier(
      architecture: "rnn", size: 2, structure: structure, joinedNGrams: Self.joined())
    let batch = ClassifierBatch(["ab", "", "cab fe"].map { classifier.tokenizer.encode($0) })
    checkGradients("joined n-grams", parameters: classifier.parameters) { pass, _ in
      classifier.loss(batch, truth: [[0], [2], [1]], classWeights: nil, pass)
    }
  }

  @Test("What is joined is stored, counted and explained, and what has nothing joined is as before")
  func storage() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("joined.safetensors")
    let classifier = try SmallClassifiers.classifier(joinedNGrams: Self.joined(1...3))
    try classifier.write(to: path)
    let stored = try NeuralClassifier(contentsOf: path)
    #expect(stored.configuration.joinedNGrams == classifier.configuration.joinedNGrams)
    #expect(try stored.probabilities(of: Self.texts) == classifier.probabilities(of: Self.texts))
    #expect(
      classifier.parameterCount
        == classifier.configuration.parameterCount(
          vocabularySize: classifier.tokenizer.vocabulary.count))
    let values = try classifier.occlusion(of: "cab")
    let whole = try classifier.probabilities(of: ["cab"])[0]
    let chosen = try #require(whole.indices.max { whole[$0] < whole[$1] })
    let without = try classifier.probabilities(of: ["cb"])[0]
    expectClose(values[1], whole[chosen] - without[chosen], tolerance: 1e-6, "without the a")

    let plain = try SmallClassifiers.configuration(SmallClassifiers.labels()).json
    guard case .object(let members) = plain else {
      Issue.record("the configuration is no object")
      return
    }
    #expect(members["joined_ngrams"] == nil)
    #expect(
      try NeuralClassifierConfiguration(JSONField(plain, path: "config")).joinedNGrams == nil)
    for (shortest, longest) in [(3, 2), (0, 2), (2, 13)] {
      var damaged = members
      damaged.append(
        "joined_ngrams",
        [
          "shortest": JSONValue(shortest), "longest": JSONValue(longest), "buckets": 7,
          "vector_size": 2,
        ])
      #expect(throws: JSONFieldError.self) {
        try NeuralClassifierConfiguration(JSONField(.object(damaged), path: "config"))
      }
    }
  }

  /// Texts in which b is right behind a, or right before it, once.
  private static func orderedTexts(_ count: Int, seed: UInt64) -> ClassifierExamples {
    var random = RandomSource(seed: seed)
    let texts = (0..<count).map { index in
      var letters = (0..<6 + random.nextInt(below: 6)).map { _ in
        Array("cdef".utf8)[random.nextInt(below: 4)]
      }
      letters.insert(
        contentsOf: index % 2 == 1 ? "ab".utf8 : "ba".utf8,
        at: random.nextInt(below: letters.count + 1))
      return String(decoding: letters, as: UTF8.self)
    }
    return ClassifierExamples(texts: texts, truth: texts.indices.map { [$0 % 2] })
  }

  @Test("They tell texts apart of which the encoder says nothing", arguments: [false, true])
  func learning(isJoined: Bool) throws {
    let labels = try LabelSet(kind: .single, names: ["ba", "ab"])
    var settings = try SmallClassifiers.settings(epochs: 8, rate: 0.05)
    settings.classifier = try SmallClassifiers.configuration(
      labels, architecture: "rnn", size: 2, sides: .forward, pooling: .mean,
      joinedNGrams: isJoined ? Self.joined(2...2, bucketCount: 4096, vectorSize: 4) : nil)
    settings.rates = ParameterRates(frozen: [PathPattern("embedding.*"), PathPattern("forward.*")])
    let training = try NeuralClassifierTraining(
      settings, .new(SmallClassifiers.tokenizer()), training: Self.orderedTexts(240, seed: 1),
      validation: Self.orderedTexts(60, seed: 2))
    for parameter in training.classifier.parameters where parameter.path.hasPrefix("forward.") {
      parameter.value = Tensor(zeros: parameter.shape)
    }
    let best = try #require(try training.train { _ in true }.best)
    if isJoined {
      #expect(best.validation.accuracy >= 0.95)
    } else {
      // All texts get the same answer, and half of them are of each class.
      #expect(best.validation.accuracy == 0.5)
    }
  }

  @Test("Numbers that make no sense are refused")
  func refusals() throws {
    #expect(
      throws: NeuralClassifierError.setting(
        name: "the shortest length of n-grams", value: "0", allowed: "1...12")
    ) { try Self.joined(0...2) }
    #expect(throws: NeuralClassifierError.self) { try Self.joined(2...13) }
    #expect(throws: NeuralClassifierError.self) { try Self.joined(bucketCount: 0) }
    #expect(throws: NeuralClassifierError.self) { try Self.joined(vectorSize: 0) }
  }
}
