#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Labelled texts as rows of features, and the models that are fitted to parts of them.
struct NGramClassifierFitting {
  private let labels: LabelSet
  private let configuration: NGramFeatureConfiguration
  private let questions: ClassQuestions
  private let truth: [[Int]]
  private let index: FeatureIndex
  private let rows: FeatureRows
  private let textWeights: [Double]
  /// The log-odds of the answer yes among all texts, [Q].
  private let biases: [Double]

  /// How many weights of the data are tried beyond those of the configuration, at most.
  private static let furtherTrialLimit = 2
  /// How many times as great, or as small, the next one is.
  private static let furtherStep = 10.0
  /// The part of the cost by which the best weight must be better than its neighbour for that.
  private static let leastGain = 0.01

  init(
    texts: [String], truth: [[Int]], labels: LabelSet,
    configuration: NGramFeatureConfiguration, classWeights: [Double]?, _ watch: FittingWatch
  ) throws(ClassifierTrainingError) {
    self.labels = labels
    self.configuration = configuration
    self.truth = truth
    questions = ClassQuestions(kind: labels.kind, classCount: labels.count)
    var counts = FeatureCounts()
    for text in texts {
      try watch.check()
      counts.add(FeatureText(text), configuration)
    }
    index = counts.index(
      limit: min(
        configuration.featureLimit, max(1, NGramClassifierTraining.weightLimit / questions.count)))
    var rows = FeatureRows(index)
    for text in texts {
      try watch.check()
      rows.append(index.numbers(of: FeatureText(text), configuration), index)
    }
    self.rows = rows
    let textWeights = truth.map { classes -> Double in
      guard let classWeights, !classes.isEmpty else { return 1 }
      return classes.reduce(0) { $0 + classWeights[$1] } / Double(classes.count)
    }
    self.textWeights = textWeights
    let questions = questions
    biases = (0..<questions.count).map { question in
      // Half a text more of each answer, so that none is impossible.
      var (yes, all) = (0.5, 1.0)
      for (classes, weight) in zip(truth, textWeights) {
        all += weight
        if questions.answer(question, classes) { yes += weight }
      }
      return log(yes / (all - yes))
    }
  }

  /// Answers texts by models of texts in other parts, with each weight of the data; nil for texts that
  /// are too few to be divided.
  ///
  /// While the best weight is the least or the greatest of several and well better than its neighbour, one
  /// more beyond it is tried.
  func trials(seed: UInt64, _ watch: FittingWatch) throws(ClassifierTrainingError) -> HeldOutTrials?
  {
    let parts = trialParts(seed: seed)
    guard parts.count > 1 else { return nil }
    let answered = parts.flatMap { part in part.map { truth[$0] } }
    var found: HeldOutTrials?
    func add(_ tried: [Double]) throws(ClassifierTrainingError) {
      for (dataWeight, sums) in zip(tried, try heldOutSums(tried, parts, watch)) {
        let trial = DataWeightTrial(
          dataWeight: dataWeight, sums: sums, biases: biases, truth: answered, questions)
        if found == nil {
          found = HeldOutTrials(truth: answered, first: trial, sums)
        } else {
          found?.add(trial, sums)
        }
      }
    }
    try add(configuration.dataWeights)
    for _ in 0..<Self.furtherTrialLimit {
      guard let trials = found?.trials, let next = Self.weight(beyond: trials) else { break }
      try add([next])
    }
    return found
  }

  /// The weight beyond the best where that is the least or the greatest of those tried and is well better
  /// than its neighbour; nil where there is no need of one.
  private static func weight(beyond trials: [DataWeightTrial]) -> Double? {
    let trials = trials.sorted { $0.dataWeight < $1.dataWeight }
    guard let best = trials.indices.min(by: { trials[$0].nats < trials[$1].nats }) else {
      return nil
    }
    let neighbours = [best - 1, best + 1].filter(trials.indices.contains)
    guard neighbours.count == 1, trials[best].nats < (1 - leastGain) * trials[neighbours[0]].nats
    else { return nil }
    let dataWeight = trials[best].dataWeight
    let next = best == 0 ? dataWeight / furtherStep : dataWeight * furtherStep
    return next.isFinite && next > 0 ? next : nil
  }

  /// What the features' weights of each text come to in models of the other parts, for each weight of the
  /// data: [weights][texts][Q].
  private func heldOutSums(
    _ dataWeights: [Double], _ parts: [[Int]], _ watch: FittingWatch
  ) throws(ClassifierTrainingError) -> [[[Double]]] {
    var found = dataWeights.map { _ in [[Double]]() }
    for held in parts.indices {
      let part = Part(texts: parts.indices.filter { $0 != held }.flatMap { parts[$0] }, rows)
      let scales = rows.scales(of: parts[held], isKnown: part.isKnown)
      let first = found[0].count
      for trial in dataWeights.indices {
        found[trial] += parts[held].map { _ in [Double](repeating: 0, count: questions.count) }
      }
      for question in 0..<questions.count {
        let problem = problem(question, part)
        // Each weight goes on from the solution of the one before.
        var solution = problem.zero
        for (trial, dataWeight) in dataWeights.enumerated() {
          solution = try watch.solution(of: problem, dataWeight: dataWeight, from: solution)
          let values = zip(solution, problem.ratios).map { $0 * $1 }
          let sums = rows.sums(values, rows: parts[held], scales: scales)
          for (place, sum) in sums.enumerated() { found[trial][first + place][question] = sum }
        }
      }
    }
    return found
  }

  /// The probabilities of the classes that a trial gave the texts that were held out.
  func probabilities(_ trials: HeldOutTrials) -> [[Double]] {
    trials.sums.map {
      questions.probabilities(
        biases: biases, sums: $0, temperature: trials.chosen.temperature)
    }
  }

  /// The classifier of all texts.
  func classifier(
    dataWeight: Double, temperature: Double, _ watch: FittingWatch
  ) throws(ClassifierTrainingError) -> NGramClassifier {
    let part = Part(texts: Array(truth.indices), rows)
    var weights = [Float](repeating: 0, count: index.count * questions.count)
    for question in 0..<questions.count {
      let problem = problem(question, part)
      let solution = try watch.solution(
        of: problem, dataWeight: dataWeight, from: problem.zero, tolerance: 1e-5)
      for place in solution.indices {
        weights[place * questions.count + question] =
          Float(solution[place] * problem.ratios[place] / temperature)
      }
    }
    return NGramClassifier(
      labels: labels, configuration: configuration, index: index, weights: weights,
      biases: biases.map(Float.init))
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
      answers: part.texts.map { answers[$0] }, textWeights: part.texts.map { textWeights[$0] },
      bias: biases[question])
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
