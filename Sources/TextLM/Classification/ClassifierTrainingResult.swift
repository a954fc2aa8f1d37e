/// What came of the training of a classifier.
public struct ClassifierTrainingResult: Sendable {
  /// The classifier that is kept.
  public internal(set) var classifier: TextClassifier
  /// What was measured at the texts to validate on; nil without any, and where the training was stopped.
  public let evaluation: ClassifierEvaluation?
  /// Curves of the training.
  public let learningCurves: [Plot]
  /// Whether the classifier was trained anew on all texts after it was measured.
  public internal(set) var isTrainedAnew = false
  /// The time it took.
  public internal(set) var elapsedSeconds = 0.0
  /// How the training of a network ended; nil for others.
  public internal(set) var network: NeuralTrainingResult?
  /// The unit of a language model that tells most by itself; nil for what is no probe, and where no unit tells
  /// anything.
  public internal(set) var bestUnit: ProbeTraining.Unit?
  /// What was measured.
  private let measured: TextClassifier
  /// Whether its thresholds come from other texts than those that it was measured at.
  private let isTunedApart: Bool

  init(
    _ classifier: TextClassifier, _ evaluation: ClassifierEvaluation?, curves: [Plot],
    isTunedApart: Bool = false
  ) {
    self.classifier = classifier
    self.isTunedApart = isTunedApart
    self.evaluation = evaluation
    learningCurves = curves
    measured = classifier
  }

  /// Whether the training was stopped before its end, and can go on.
  public var wasStopped: Bool { network?.wasStopped == true }

  /// Writes the classifier and the page of its training.
  mutating func write(_ card: JSONObject, to folder: Folder) throws {
    let described = TextClassifier(
      classifier.model, thresholds: classifier.thresholds, card: .object(card))
    classifier = TextClassifier(
      described.model, thresholds: described.thresholds, card: described.storedCard)
    try classifier.write(to: folder.path(to: ModelFile.name))
    let report = ClassificationReport(
      title: CorpusFile.lastComponent(folder.path), remarks: remarks,
      learningCurves: learningCurves,
      measures: evaluation?.measures,
      mistakes: try measured.explained(evaluation?.mistakes ?? []), card: classifier.card)
    try AtomicFile.replace(
      folder.path(to: RunReport.name), with: Array(try report.html().utf8))
  }

  private var remarks: [String] {
    guard let evaluation else { return [] }
    var remarks = [
      "Measured at \(Numbers.grouped(evaluation.measures.textCount)) texts that were not learned from."
    ]
    if let bestUnit { remarks.append("Of the language model \(bestUnit).") }
    if classifier.thresholds != nil {
      remarks.append(
        isTunedApart
          ? "The thresholds of the labels were tuned on the texts that were learned from, each held out in "
            + "turn."
          : "The thresholds of the labels were tuned on the same texts, and drawn towards one half."
      )
    }
    if isTrainedAnew {
      remarks.append("The classifier was then trained anew on all texts, these included.")
    }
    return remarks
  }
}
