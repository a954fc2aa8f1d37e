/// Labelled texts as rows of features, and the models that are fitted to parts of them.
struct NGramClassifierFitting {
  private let labels: LabelSet
  private let configuration: NGramFeatureConfiguration
  private let questions: ClassQuestions
  private let truth: [[Int]]
  private let index: FeatureIndex
  private let rows: FeatureRows
  private let textWeights: [Double]

  init(
    texts: [String], truth: [[Int]], labels: LabelSet,
    configuration: NGramFeatureConfiguration, classWeights: [Double]?
  ) {
    self.labels = labels
    self.configuration = configuration
    self.truth = truth
    questions = ClassQuestions(kind: labels.kind, classCount: labels.count)
    var counts = FeatureCounts()
    for text in texts { counts.add(FeatureText(text), configuration) }
    index = counts.index(
      limit: min(
        configuration.featureLimit, max(1, NGramClassifierTraining.weightLimit / questions.count)))
    var rows = FeatureRows(index)
    for text in texts { rows.append(index.numbers(of: FeatureText(text), configuration), index) }
    self.rows = rows
    textWeights = truth.map { classes in
      guard let classWeights, !classes.isEmpty else { return 1 }
      return classes.reduce(0) { $0 + classWeights[$1] } / Double(classes.count)
    }
  }

  /// Answers texts by models of texts in other parts, with each weight of the data; nothing for
  /// texts that are too few to be divided.
  func trials(seed: UInt64) -> [DataWeightTrial] {
    let parts = trialParts(seed: seed)
    guard parts.count > 1 else { return [] }
    let weights = configuration.dataWeights
    var logits = weights.map { _ in [[Double]]() }
    for held in parts.indices {
      let part = Part(texts: parts.indices.filter { $0 != held }.flatMap { parts[$0] }, rows)
      let scales = rows.scales(of: parts[held], isKnown: part.isKnown)
      let first = logits[0].count
      for trial in weights.indices {
        logits[trial] += parts[held].map { _ in [Double](repeating: 0, count: questions.count) }
      }
      for question in 0..<questions.count {
        let problem = problem(question, part)
        // Each weight goes on from the solution of the one before.
        var solution = problem.zero
        for (trial, dataWeight) in weights.enumerated() {
          solution = problem.solution(dataWeight: dataWeight, from: solution)
          let values = zip(solution.features, problem.ratios).map { $0 * $1 }
          let sums = rows.sums(values, rows: parts[held], scales: scales)
          for (place, sum) in sums.enumerated() {
            logits[trial][first + place][question] = sum + solution.bias
          }
        }
      }
    }
    let answered = parts.flatMap { part in part.map { truth[$0] } }
    return zip(weights, logits).map {
      DataWeightTrial(dataWeight: $0, logits: $1, truth: answered, questions)
    }
  }

  /// The classifier of all texts.
  func classifier(dataWeight: Double, temperature: Double) -> NGramClassifier {
    let part = Part(texts: Array(truth.indices), rows)
    var weights = [Float](repeating: 0, count: index.count * questions.count)
    var biases: [Float] = []
    for question in 0..<questions.count {
      let problem = problem(question, part)
      let solution = problem.solution(
        dataWeight: dataWeight, from: problem.zero, tolerance: 1e-5)
      for place in solution.features.indices {
        weights[place * questions.count + question] =
          Float(solution.features[place] * problem.ratios[place] / temperature)
      }
      biases.append(Float(solution.bias / temperature))
    }
    return NGramClassifier(
      labels: labels, configuration: configuration, index: index, weights: weights, biases: biases)
  }

  /// Texts to learn from, and what is the same for all questions about them.
  private struct Part {
    let texts: [Int]
    let isKnown: [Bool]
    let scales: [Double]

    init(texts: [Int], _ rows: FeatureRows) {
      self.texts = texts
      isKnown = rows.counts(in: texts).map { $0 > 0 }
      scales = rows.scales(of: texts, isKnown: isKnown)
    }
  }

  private func problem(_ question: Int, _ part: Part) -> LogisticRegression {
    let answers = truth.map { questions.answer(question, $0) }
    let ratios = LogCountRatio(
      rows, texts: part.texts, isTrue: answers, blockEnds: index.blockEnds)
    return LogisticRegression(
      rows: rows, texts: part.texts, scales: part.scales, ratios: ratios.values,
      answers: part.texts.map { answers[$0] }, textWeights: part.texts.map { textWeights[$0] })
  }

  /// The texts for the trials in parts: texts in a drawn order, those of the same classes one
  /// behind the other, are dealt out in turn.
  private func trialParts(seed: UInt64) -> [[Int]] {
    var random = RandomSource(seed: seed).stream("n-gram classifier trials")
    var drawn: [Int] = []
    var featureCount = 0
    for text in random.shuffled(truth.indices) {
      featureCount += rows.featureCount(ofRow: text)
      if featureCount > NGramClassifierTraining.trialFeatureLimit { break }
      drawn.append(text)
    }
    let order = drawn.enumerated().sorted { left, right in
      let (first, second) = (truth[left.element], truth[right.element])
      return first == second ? left.offset < right.offset : first.lexicographicallyPrecedes(second)
    }
    let partCount = min(configuration.foldCount, order.count / 2)
    guard partCount > 1 else { return [] }
    return (0..<partCount).map { part in
      stride(from: part, to: order.count, by: partCount).map { order[$0].element }
    }
  }
}
