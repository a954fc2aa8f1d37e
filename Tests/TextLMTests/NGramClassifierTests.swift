import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Classifiers of n-grams")
struct NGramClassifierTests {
  static func train(
    _ texts: [String], _ truth: [[Int]], _ kind: LabelKind = .single, labels: [String],
    _ configuration: NGramFeatureConfiguration? = nil, seed: UInt64 = 1,
    classWeights: [Double]? = nil
  ) throws -> NGramClassifier {
    try NGramClassifier(
      training: texts, truth: truth, labels: LabelSet(kind: kind, names: labels),
      configuration: configuration ?? NGramFeatureConfiguration(), seed: seed,
      classWeights: classWeights)
  }

  /// Reviews of the words of two lists, of which some are in the other's reviews.
  static func reviews(count: Int, seed: UInt64) -> (texts: [String], truth: [[Int]]) {
    let words = [["dull", "bad", "poor", "slow"], ["fine", "good", "warm", "funny"]]
    let others = ["film", "the", "plot", "a", "very", "it", "was", "cast"]
    var random = RandomSource(seed: seed)
    var texts: [String] = []
    var truth: [[Int]] = []
    for _ in 0..<count {
      let label = random.nextInt(below: 2)
      let text = (0..<6).map { place in
        guard place % 2 == 0 else { return others[random.nextInt(below: others.count)] }
        let side = random.nextInt(below: 4) == 0 ? 1 - label : label
        return words[side][random.nextInt(below: 4)]
      }
      texts.append(text.joined(separator: " "))
      truth.append([label])
    }
    return (texts, truth)
  }

  /// Of "ab c d", with _ for the end of a word: _a ab b_ _ab ab_, _c c_ _c_, _d d_ _d_; ab, c, d,
  /// ab c, c d; and ab with d. "c c" has no other sequences of characters, and the words c c.
  @Test("Features of short texts, by hand")
  func features() throws {
    let configuration = try NGramFeatureConfiguration(
      characterLengths: 2...3, wordLength: 2, pairDistance: 2)
    let model = try Self.train(
      ["ab c d", "c c", ""], [[0], [1], [1]], labels: ["0", "1"], configuration)
    #expect(model.featureCounts == [11, 6, 1])
    // Sequences of one have no ends of words: a, b, c, d. A sign is a word: c !, d !.
    let signs = try Self.train(
      ["Ab c!", "d_1 !"], [[0], [1]], labels: ["0", "1"],
      NGramFeatureConfiguration(characterLengths: 1...1, wordLength: 1, pairDistance: 0))
    #expect(signs.featureCounts == [7, 4, 0])
  }

  /// Values of scipy 1.17.1, from the definition in NumPy: presence of each feature times its
  /// log-count ratio, over √n for each block, and
  ///
  ///     yes = .5 + (c * y).sum(); b = np.log(yes / (1 + c.sum() - yes))
  ///     def f(w):
  ///         z = X @ w + b; g = -s * c / (1 + np.exp(s * z)) * C
  ///         return .5 * w @ w + C * (c * np.logaddexp(0, -s * z)).sum(), w + X.T @ g
  ///     minimize(f, np.zeros(X.shape[1]), jac=True, method='L-BFGS-B',
  ///              options=dict(ftol=1e-15, gtol=1e-12, maxiter=10000))
  @Test("The optimum is scipy's")
  func optimum() throws {
    let model = try Self.train(
      ["good fun", "bad fun", "very bad"], [[1], [0], [0]], labels: ["0", "1"],
      NGramFeatureConfiguration(
        characterLengths: 2...3, wordLength: 2, pairDistance: 2, dataWeights: [2]))
    #expect(model.featureCounts == [31, 7, 0])
    let expected = [
      ("good fun", 0.9371664504077011), ("bad fun", -1.454714107313352),
      ("very bad", -1.5766258620310645), ("good", 1.0234691569183358),
      ("not good, bad", -0.34904908384680955), ("xyz", -0.5108256237659907),
    ]
    for (text, logit) in expected {
      expectClose(model.logits(of: text), [logit], tolerance: 1e-4, text)
      let probability = 1 / (1 + exp(-logit))
      expectClose(
        model.probabilities(of: text), [1 - probability, probability], tolerance: 1e-4, text)
    }
    // Texts of class 0 count twice; of all sequences, none says anything but by its order.
    let weighted = try Self.train(
      ["a b c", "b c a", "c a b"], [[1], [0], [1]], labels: ["0", "1"],
      NGramFeatureConfiguration(
        characterLengths: 1...2, wordLength: 1, pairDistance: 2, dataWeights: [0.5]),
      classWeights: [2, 1])
    for (text, logit) in [
      ("a b c", 0.12145267616943398), ("b c a", -0.6667813363686567), ("a c", 0),
    ] {
      expectClose(weighted.logits(of: text), [logit], tolerance: 1e-4, text)
    }
  }

  @Test("Contributions add up, one a scalar, whatever the script")
  func contributions() throws {
    let (texts, truth) = Self.reviews(count: 60, seed: 3)
    let more = ["straße café e\u{301}clair", "ΣΑΣ ﬁn 字列 字", "İx 😀 a\u{323}\u{302}\u{301}"]
    for (kind, labels) in [
      (LabelKind.single, ["0", "1"]), (.single, ["0", "1", "2"]), (.ordinal, ["0", "1", "2"]),
      (.multiple, ["0", "1"]),
    ] {
      let model = try Self.train(
        texts + more, truth + [[1], [0], [labels.count - 1]], kind, labels: labels)
      let empty = model.logits(of: "")
      for text in ["a good plot, slow", "", " ", "qqq", "GOOD\nstraSSe"] + more {
        let rises = zip(model.logits(of: text), empty).map { $0 - $1 }
        for index in labels.indices {
          let found = model.contributions(of: text, to: index)
          #expect(found.count == text.unicodeScalars.count)
          let expected =
            switch kind {
            case .single where labels.count == 2: index == 1 ? rises[0] : -rises[0]
            case .ordinal:
              rises.enumerated().reduce(0) { $0 + ($1.offset < index ? 1 : -1) * $1.element }
            default: rises[index]
            }
          expectClose(found.reduce(0, +), expected, tolerance: 1e-9, "\(text) \(kind) \(index)")
        }
      }
    }
  }

  @Test("Contributions lie where the features are")
  func places() throws {
    let model = try Self.train(
      ["good fun", "bad fun", "good"], [[1], [0], [1]], labels: ["0", "1"],
      NGramFeatureConfiguration(characterLengths: 2...4, wordLength: 1, pairDistance: 0))
    let text = "qqq bad ü good"
    let found = model.contributions(of: text, to: 1)
    for (scalar, value) in zip(text.unicodeScalars.enumerated(), found) {
      switch scalar.offset {
      case 4...6: #expect(value < 0, "\(scalar)")
      case 10...13: #expect(value > 0, "\(scalar)")
      default: #expect(value == 0, "\(scalar)")
      }
    }
    #expect(model.contributions(of: text, to: 0) == found.map { -$0 })
  }

  @Test("Capitals and the ways to write an accent make no difference")
  func folding() throws {
    let model = try Self.train(
      ["le café est bon", "die straße ist lang", "le thé est bon"], [[0], [1], [0]],
      labels: ["fr", "de"].sorted())
    #expect(model.probabilities(of: "CAFÉ") == model.probabilities(of: "cafe\u{301}"))
    #expect(model.probabilities(of: "STRASSE") == model.probabilities(of: "straße"))
    #expect(model.probabilities(of: "café") != model.probabilities(of: "thé"))
  }

  @Test("The same training gives the same bits, and another seed other parts")
  func determinism() throws {
    let (texts, truth) = Self.reviews(count: 80, seed: 4)
    let labels = try LabelSet(kind: .single, names: ["0", "1"])
    let configuration = try NGramFeatureConfiguration()
    let runs = try [7, 7, 8].map {
      try NGramClassifierTraining(
        texts: texts, truth: truth, labels: labels, configuration: configuration, seed: $0)
    }
    #expect(runs[0].trials == runs[1].trials)
    #expect(runs[0].trials != runs[2].trials)
    for text in texts {
      let logits = runs.map { $0.classifier.logits(of: text)[0].bitPattern }
      #expect(logits[0] == logits[1])
    }
  }

  @Test("The trial that costs least is taken")
  func trials() throws {
    let (texts, truth) = Self.reviews(count: 120, seed: 5)
    let training = try NGramClassifierTraining(
      texts: texts, truth: truth, labels: LabelSet(kind: .single, names: ["0", "1"]),
      configuration: NGramFeatureConfiguration(dataWeights: [10, 0.01, 1]), seed: 1)
    #expect(training.trials.map(\.dataWeight).filter { $0 <= 10 } == [0.01, 1, 10])
    let chosen = try #require(training.chosen)
    #expect(training.trials.allSatisfy { $0.nats >= chosen.nats })
    // Three words, each of the label's own list in three of four reviews: two or three of them are
    // so with a probability of 27/64 + 27/64, and who guesses ln 2 has learned nothing.
    #expect(chosen.accuracy > 0.7 && chosen.nats < 0.6)
    let (others, classes) = Self.reviews(count: 300, seed: 6)
    let correct = zip(others, classes).count { text, classes in
      (training.classifier.probabilities(of: text)[1] > 0.5) == (classes == [1])
    }
    #expect(correct > 225)
  }

  /// A word says a class, and is wrong in a quarter of the texts.
  @Test("Probabilities are those with which things are so")
  func calibration() throws {
    let texts = (0..<200).map { $0 % 2 == 0 ? "yes" : "no" }
    let truth = (0..<200).map { [$0 % 8 < 2 ? 1 - $0 % 2 : $0 % 2] }
    let model = try Self.train(texts, truth, labels: ["0", "1"])
    expectClose(model.probabilities(of: "yes")[0], 0.75, tolerance: 0.04, "yes")
    expectClose(model.probabilities(of: "no")[1], 0.75, tolerance: 0.04, "no")
  }

  @Test("A text without a known feature gets the parts of the classes, whatever the temperature")
  func featureless() throws {
    for (kind, labels) in [
      (LabelKind.single, ["0", "1"]), (.single, ["0", "1", "2", "3"]), (.ordinal, ["0", "1", "2"]),
      (.multiple, ["0", "1"]),
    ] {
      // Class 0 has three texts where another has one; each class has a word of its own.
      let truth = (0..<20 * (labels.count + 2)).map { [max(0, $0 % (labels.count + 2) - 2)] }
      let texts = truth.enumerated().map { "word\($1[0]) thing \($0 % 7)" }
      let model = try Self.train(texts, truth, kind, labels: labels)
      let count = Double(labels.count + 2)
      for text in ["", "?", "字"] {
        expectClose(
          model.probabilities(of: text), labels.indices.map { ($0 == 0 ? 3 : 1) / count },
          tolerance: 0.02, "\(kind) \(text)")
      }
      #expect(model.probabilities(of: "word1 thing")[1] > 0.8)
    }
  }

  @Test("No classifier is surer than the number of texts justifies")
  func sureness() throws {
    // All of 40 texts are answered right while they are held out: 41 of 42 parts are on the truth.
    let texts = (0..<40).map { $0 % 2 == 0 ? "yes" : "no" }
    let training = try NGramClassifierTraining(
      texts: texts, truth: (0..<40).map { [$0 % 2] },
      labels: LabelSet(kind: .single, names: ["0", "1"]),
      configuration: NGramFeatureConfiguration(), seed: 1)
    let chosen = try #require(training.chosen)
    expectClose(chosen.nats, log(42.0 / 41), tolerance: 1e-3, "held out")
    let sureness = training.classifier.probabilities(of: "yes")[0]
    #expect(sureness > 0.9 && sureness < 0.9999)
  }

  @Test("Where the best weight is at an end of those tried, others beyond it are tried")
  func furtherTrials() throws {
    let (texts, truth) = Self.reviews(count: 120, seed: 5)
    let training = try NGramClassifierTraining(
      texts: texts, truth: truth, labels: LabelSet(kind: .single, names: ["0", "1"]),
      configuration: NGramFeatureConfiguration(dataWeights: [1e-5, 1e-4]), seed: 1)
    let weights = training.trials.map(\.dataWeight)
    #expect(weights.count > 2 && weights.count <= 4 && weights == weights.sorted())
    expectClose(weights[2], 1e-3, tolerance: 1e-9, "the next one")
    // Where one is given, it is taken.
    let one = try NGramClassifierTraining(
      texts: texts, truth: truth, labels: LabelSet(kind: .single, names: ["0", "1"]),
      configuration: NGramFeatureConfiguration(dataWeights: [1e-5]), seed: 1)
    #expect(one.trials.map(\.dataWeight) == [1e-5])
  }

  @Test("A training ends between two steps when it is no longer wanted")
  func stopping() throws {
    let (texts, truth) = Self.reviews(count: 40, seed: 8)
    var told: [Int] = []
    #expect(throws: ClassifierTrainingError.stopped) {
      try NGramClassifierTraining(
        texts: texts, truth: truth, labels: LabelSet(kind: .single, names: ["0", "1"]),
        configuration: NGramFeatureConfiguration(), seed: 1
      ) { model in
        told.append(model)
        return model < 3
      }
    }
    #expect(told.first == 0 && told.last == 3 && told.count { $0 == 3 } == 1)
  }

  @Test("Several labels a text, each by itself")
  func multiple() throws {
    let parts = ["red", "round", "", "red round"]
    let texts = (0..<48).map { "thing \($0 % 5) \(parts[$0 % 4])" }
    let truth = (0..<48).map { [[0], [1], [], [0, 1]][$0 % 4] }
    let model = try Self.train(texts, truth, .multiple, labels: ["red", "round"])
    for (part, expected) in zip(
      parts, [[true, false], [false, true], [false, false], [true, true]])
    {
      #expect(model.probabilities(of: "thing 7 \(part)").map { $0 > 0.5 } == expected, "\(part)")
    }
    // A label that no text has, and one that every text has.
    let all = try Self.train(
      ["a", "b", "c", "d"], [[1], [1], [1], [1]], .multiple, labels: ["x", "y"])
    // Nothing but their parts is known of them: none and four of four, and half a text of each more.
    expectClose(all.probabilities(of: "a"), [0.1, 0.9], tolerance: 1e-6, "a")
  }

  @Test("Ordinal labels are between their neighbours")
  func ordinal() throws {
    let words = ["awful", "weak", "solid", "superb"]
    let texts = (0..<64).map { "\(words[$0 % 4]) thing \($0 % 7)" }
    let model = try Self.train(
      texts, (0..<64).map { [$0 % 4] }, .ordinal, labels: ["1", "2", "3", "4"])
    for (index, word) in words.enumerated() {
      let found = model.probabilities(of: "\(word) thing")
      #expect(found.indices.max { found[$0] < found[$1] } == index)
      expectClose(found.reduce(0, +), 1, tolerance: 1e-12, word)
    }
  }

  @Test("Texts that teach little")
  func little() throws {
    // Nothing in any text.
    let empty = try Self.train(["", " ", "", ""], [[0], [0], [0], [1]], labels: ["0", "1"])
    #expect(empty.featureCounts == [0, 0, 0])
    let probability = empty.probabilities(of: "anything")[1]
    #expect(probability > 0.05 && probability < 0.5)
    #expect(empty.contributions(of: "any", to: 1) == [0, 0, 0])
    // A label on one text, which some of the parts have not.
    let rare = try Self.train(
      ["a a", "a b", "b a", "b b", "c c", "a a b"], [[0], [0], [0], [0], [1], [2]],
      labels: ["0", "1", "2"])
    for text in ["a", "c", ""] {
      expectClose(rare.probabilities(of: text).reduce(0, +), 1, tolerance: 1e-12, text)
    }
    let single = try Self.train(["a"], [[0]], labels: ["0", "1"])
    #expect(single.probabilities(of: "a")[0] > 0.5)
    #expect(throws: NGramClassifierError.noTexts) { try Self.train([], [], labels: ["0", "1"]) }
    #expect(throws: NGramClassifierError.tooFewLabels(count: 1)) {
      try Self.train(["a"], [[0]], labels: ["0"])
    }
  }

  @Test("A long text is read whole")
  func long() throws {
    let (texts, truth) = Self.reviews(count: 40, seed: 8)
    let model = try Self.train(texts, truth, labels: ["0", "1"])
    let text = String(repeating: "good ", count: 20_000)
    #expect(text.unicodeScalars.count == 100_000)
    // Features are there or not: but for the words good good and the pair, it is "good".
    let twice = model.logits(of: "good good good")
    expectClose(model.logits(of: text), twice, tolerance: 1e-12, "good")
    expectClose(
      model.contributions(of: text, to: 1).reduce(0, +), twice[0] - model.logits(of: "")[0],
      tolerance: 1e-9, "contributions")
    let word = model.logits(of: String(repeating: "字", count: 100_000))
    #expect(word == model.logits(of: ""))
  }

  @Test("Of too many features, those of most texts are kept")
  func limit() throws {
    // _a 3, aa 2, a_ 2, the word aa 2; ab, b_ and the word ab 1.
    func count(_ limit: Int) throws -> [Int] {
      try Self.train(
        ["aa", "aa", "ab"], [[0], [0], [1]], labels: ["0", "1"],
        NGramFeatureConfiguration(
          characterLengths: 2...2, wordLength: 1, pairDistance: 0, featureLimit: limit)
      ).featureCounts
    }
    #expect(try count(7) == [5, 2, 0])
    #expect(try count(4) == [3, 1, 0])
    #expect(try count(1) == [1, 0, 0])
  }
}
