import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Probes of language models")
struct ProbeTests {
  /// SciPy 1.16 in float64, of the same objective with weights as differences of two that are not
  /// negative:
  ///
  ///     X, y, t = fill(1, (12, 5), 1), fill(2, (12,), 1) > 0, np.arange(12) % 3
  ///     L = mean(log(1 + exp(X w + b)) - y (X w + b)) + sum(abs(w)) / (C n)
  ///
  /// and the like with softmax for t; scikit-learn's `LogisticRegression(penalty="l1", C=4,
  /// solver="saga", tol=1e-12)` gives the same numbers for y.
  @Test("Sparse logistic regression finds the minimum")
  func golden() {
    let rows = fill(1, [12, 5], 1).array
    let features = (0..<12).map { Array(rows[$0 * 5..<($0 + 1) * 5]) }
    let bits = fill(2, [12], 1).array.map { [$0 > 0 ? 1.0 : 0] }
    let binary = SparseLogisticRegression(features, targets: bits, link: .logistic)
    let minima: [(strength: Double, weight: Double, bias: Double)] = [
      (0.25, 0, 0), (1, -0.13108073, -0.0036541245518798998),
      (4, -0.67133262, -0.018648002877339052),
    ]
    for (strength, weight, bias) in minima {
      let found = binary.solution(penalty: 1 / (12 * strength), from: binary.zero)
      expectClose(found.weights, [0, 0, weight, 0, 0], tolerance: 2e-3, "weights for \(strength)")
      expectClose(found.biases, [bias], tolerance: 2e-3, "bias for \(strength)")
      #expect(found.weights.count { $0 != 0 } == (weight == 0 ? 0 : 1))
    }
    let classes = (0..<12).map { example in (0..<3).map { example % 3 == $0 ? 1.0 : 0 } }
    let several = SparseLogisticRegression(features, targets: classes, link: .softmax)
    let start = several.solution(penalty: 1 / 3.0, from: several.zero)
    let found = several.solution(penalty: 1 / 12.0, from: start)
    expectClose(
      found.weights,
      [0, -0.65765351, 0, 0, 0, 0.23686366, 0, 0, 0, 0, 0, 0, 0.81625502, 0, 0],
      tolerance: 5e-3, "weights of three classes")
  }

  /// A language model of which one unit counts the letter e, and all others do nothing.
  private func countingModel() throws -> TestModel {
    let test = try TestModel(steps: 1)
    let letter = test.model.tokenizer.encode("e")[0]
    for parameter in test.model.languageModel.parameters where !parameter.path.hasPrefix("head.") {
      var values = [Float](repeating: 0, count: parameter.shape.count)
      let width = parameter.shape.width
      // Blocks of 16 units: input gate, forget gate, what is new, output gate.
      switch parameter.path {
      case "embedding.weight": values[Int(letter) * width] = 1
      case "rnn.weight_ih_l0": values[(2 * 16 + 5) * width] = 5
      case "rnn.bias_ih_l0": values[16 + 5] = 10
      default: break
      }
      parameter.value = Tensor(values, shape: parameter.shape)
    }
    return test
  }

  private func examples(_ count: Int, seed: UInt64) -> ClassifierExamples {
    var random = RandomSource(seed: seed)
    let letters = Array("nosmthad")
    let truth = (0..<count).map { [$0 % 2] }
    let texts = truth.map { classes in
      var text = (0..<4 + random.nextInt(below: 80)).map { _ in
        letters[random.nextInt(below: letters.count)]
      }
      if classes == [1] { text.insert("e", at: random.nextInt(below: text.count)) }
      return String(text)
    }
    return ClassifierExamples(texts: texts, truth: truth)
  }

  @Test("The unit that knows is found, and its probe can be stored")
  func plantedUnit() throws {
    let folder = try StorageTestFolder()
    let test = try countingModel()
    let labels = try LabelSet(kind: .single, names: ["absent", "present"])
    var observed: [ProbeTraining.Candidate] = []
    let (texts, others) = (examples(60, seed: 1), examples(30, seed: 2))
    let result = try ProbeTraining(
      test.model, name: "model", labels: labels, training: texts, validation: others
    ) { observed.append($0) }
    #expect(observed == result.candidates)
    let strengths = [0.00390625, 0.0078125, 0.015625, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1]
    #expect(observed.map(\.inverseStrength) == strengths)
    #expect(result.candidates[result.bestIndex].validation.accuracy == 1)
    let unit = try #require(result.bestUnit)
    #expect(unit.name.index == 5 && unit.validation.accuracy == 1)
    let remembered = unit.pooling == nil ? unit.name : UnitName(layer: "output", index: 5)
    #expect(unit.source == remembered && "\(unit)".contains("\(remembered)"))
    #expect("\(unit)".hasSuffix("which alone is right on 100.0 % of the texts to validate on"))
    // The unit at the end, its mean and its maximum: all others are constant.
    #expect((1...3).contains(result.probe.usedUnitCount))
    let path = folder.path("probe.safetensors")
    try result.probe.write(to: path)
    let stored = try LanguageModelProbe(contentsOf: path)
    #expect(stored.labels == labels && stored.units == result.probe.units)
    let found = try stored.probabilities(of: others.texts)
    #expect(try found == result.probe.probabilities(of: others.texts))
    for (probabilities, classes) in zip(found, others.truth) {
      #expect(probabilities[classes[0]] > 0.5)
    }
    // Alone and beside others, of whatever lengths.
    for (text, probabilities) in zip(others.texts, found) {
      expectClose(
        try stored.probabilities(of: [text])[0], probabilities, tolerance: 1e-5, "\(text)")
    }
    #expect(throws: ModelError.self) { try NeuralClassifier(contentsOf: path) }
  }

  @Test("A probe that knows nothing is right about one of two labels, not about both")
  func ties() throws {
    let examples = ClassifierExamples(
      texts: ["the sea", "a bell rang", "no", "she said"], truth: [[0], [1], [0], [1]])
    let result = try ProbeTraining(
      TestModel(steps: 1).model, name: "model",
      labels: LabelSet(kind: .single, names: ["absent", "present"]), training: examples,
      validation: examples)
    let strongest = result.candidates[0]
    #expect(strongest.usedUnitCount == 0 && strongest.validation.accuracy == 0.5)
  }

  @Test(
    "Every kind of label and of model can be probed", arguments: ["gru", "transformer", "mlstm"])
  func kinds(architecture: String) throws {
    let test = try TestModel(architecture, steps: 2)
    let texts = ["the sea", "a bell rang", "no", "she said", "", "grey and calm"]
    for (kind, truth) in [
      (LabelKind.single, [[0], [1], [2], [0], [1], [2]]),
      (.multiple, [[0], [1, 2], [], [0, 1, 2], [2], [1]]),
      (.ordinal, [[0], [1], [2], [2], [0], [1]]),
    ] {
      let examples = ClassifierExamples(texts: texts, truth: truth)
      let result = try ProbeTraining(
        test.model, name: "model", labels: SmallClassifiers.labels(kind), training: examples,
        validation: examples)
      let found = try result.probe.probabilities(of: texts)
      #expect(found.allSatisfy { $0.count == 3 && $0.allSatisfy { (0...1).contains($0) } })
      let layers = Set(result.probe.units.map(\.layer))
      let memory: Set = architecture == "mlstm" ? ["cell1", "cell2"] : ["output"]
      #expect(layers == memory.union(["mean", "max"]))
    }
  }
}
