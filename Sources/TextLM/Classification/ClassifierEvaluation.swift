/// What a classifier says of labelled texts, beside what is true of them.
public struct ClassifierEvaluation: Sendable {
  /// What it was measured at.
  public let measures: ClassificationMeasures
  /// What is wrong, in the order of the texts.
  public let mistakes: [MisclassifiedText]
  /// Whether all is right about each text.
  public let isRight: [Bool]
  /// Texts that have a label which the classifier does not know, and were left out.
  public let unknown: [UnknownLabel]

  /// Texts that are answered at once, of which the probabilities are all that is kept.
  private static let portion = 4096

  /// Measures a classifier.
  ///
  /// - Parameters:
  ///   - classifier: What is measured.
  ///   - data: The texts with their labels.
  ///   - leavesUnknownOut: Whether texts with labels that the classifier does not know are left out;
  ///     otherwise they are refused.
  /// - Throws: `LabelledDataError.unknownLabels`, also where all texts are left out;
  ///   `NeuralClassifierError.notFinite`.
  public init(
    _ classifier: TextClassifier, _ data: LabelledData, leavesUnknownOut: Bool = false
  ) throws {
    let truth = LabelledTruth(data, in: classifier.labels)
    if !leavesUnknownOut || truth.texts.isEmpty { try truth.requireKnownLabels() }
    try self.init(
      classifier, texts: truth.texts.map { data.texts[$0] }, truth: truth.classes,
      unknown: truth.unknown)
  }

  /// Measures a classifier at texts of known classes.
  init(
    _ classifier: TextClassifier, texts: [LabelledText], truth: [[Int]],
    unknown: [UnknownLabel] = []
  ) throws {
    var probabilities: [[Double]] = []
    for start in stride(from: 0, to: texts.count, by: Self.portion) {
      let part = texts[start..<min(start + Self.portion, texts.count)]
      probabilities += try classifier.probabilities(of: part.map(\.text))
    }
    self.init(
      classifier.labels, thresholds: classifier.thresholds, texts: texts, truth: truth,
      probabilities: probabilities, unknown: unknown)
  }

  /// Measures probabilities.
  init(
    _ labels: LabelSet, thresholds: [Double]?, texts: [LabelledText], truth: [[Int]],
    probabilities: [[Double]], unknown: [UnknownLabel] = []
  ) {
    measures = ClassificationMeasures(
      labels: labels, probabilities: probabilities, truth: truth, thresholds: thresholds)
    let wrong = zip(texts, probabilities).map {
      MisclassifiedText($0, labels: labels, probabilities: $1, thresholds: thresholds)
    }
    mistakes = wrong.compactMap { $0 }
    isRight = wrong.map { $0 == nil }
    self.unknown = unknown
  }
}

extension TextClassifier {
  /// Characters of a mistake from which on it is not explained.
  private static let explainedLength = 2000

  /// The mistakes of which the classifier is surest, with what each character contributed where that can
  /// be told.
  ///
  /// Throws `NeuralClassifierError.notFinite`.
  public func explained(
    _ mistakes: [MisclassifiedText], limit: Int = 20
  ) throws -> [ExplainedMistake] {
    try mistakes.mostConfident(limit).map { mistake in
      let text = mistake.labelled.text
      let isShort = text.unicodeScalars.count <= Self.explainedLength
      let told = mistake.told.first.flatMap(labels.index)
      return ExplainedMistake(
        mistake,
        contributions: isShort ? try told.flatMap { try contributions(in: text, to: $0) } : nil)
    }
  }
}
