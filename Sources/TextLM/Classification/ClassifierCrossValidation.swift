/// Trainings of the same kind of which each holds out another part of some texts, and is measured at it: how
/// well such a classifier does, and how much that depends on which texts are held out.
///
/// Every text is held out once, and the same texts are always in the same part; see `LabelledFolds`. What is
/// held out is used for nothing but to measure: what a training validates on is taken from the rest. Nothing
/// is written.
public struct ClassifierCrossValidation: Sendable {
  /// What was measured of each part, in their order.
  public let results: [ClassificationMeasures]
  /// Labels of which all texts are in one part, so that nothing was learned of them when they were
  /// measured.
  public let labelsInOneFold: [String]
  /// Whether it was stopped before all parts were held out.
  public let wasStopped: Bool

  /// A number that tells how good a classifier is.
  public struct Metric: Sendable {
    /// What a table calls it.
    public let name: String
    /// What JSON calls it.
    public let key: String
    /// Its value; nil where it is undefined.
    public let value: @Sendable (ClassificationMeasures) -> Double?
  }

  /// What is told of each part.
  public static let metrics = [
    Metric(name: "accuracy", key: "accuracy") { $0.accuracy },
    Metric(name: "macro F1", key: "macro_f1") { $0.macro?.f1 },
    Metric(name: "AUC", key: "roc_auc") { $0.rocArea },
    Metric(name: "log loss", key: "log_loss") { $0.logLoss },
  ]

  /// Trains and measures.
  ///
  /// - Parameters:
  ///   - training: What each training does; a network's time is that of one of them.
  ///   - data: The texts.
  ///   - foldCount: How many parts there are, at least 2.
  ///   - validationFraction: The part of what is not held out that networks and probes validate on.
  ///   - seed: What the parts are drawn with.
  ///   - observe: Told the number of the part, from 1, and what happens; when it answers false, the part
  ///     is not measured and no other begun.
  ///   - measured: Told what was measured of each part.
  /// - Throws: `LabelledDataError.foldCount`, `.oneLabel`; what `TextClassifierTraining.train` throws.
  public init(
    _ training: TextClassifierTraining, _ data: LabelledData, foldCount: Int,
    validationFraction: Double, seed: UInt64,
    observe: (Int, ClassifierTrainingEvent) -> Bool = { _, _ in true },
    measured: (Int, ClassificationMeasures) -> Void = { _, _ in }
  ) throws {
    let folds = try LabelledFolds(data, count: foldCount, seed: seed)
    labelsInOneFold = folds.labelsInOneFold
    var results: [ClassificationMeasures] = []
    var isWanted = true
    for (index, heldOut) in folds.folds.enumerated() where isWanted {
      let rest = folds.training(without: index).map { data.texts[$0] }
      let parts = try Self.parts(
        rest, data.labels, training, validationFraction: validationFraction, seed: seed)
      let classifier: TextClassifier
      do {
        classifier = try training.train(parts) { event in
          isWanted = isWanted && observe(index + 1, event)
          return isWanted
        }.classifier
      } catch ClassifierTrainingError.stopped {
        break
      }
      guard isWanted else { break }
      let texts = heldOut.map { data.texts[$0] }
      let evaluation = try ClassifierEvaluation(
        classifier, texts: texts,
        truth: texts.map { $0.labels.compactMap(data.labels.index).sorted() })
      results.append(evaluation.measures)
      measured(index + 1, evaluation.measures)
    }
    self.results = results
    wasStopped = !isWanted
  }

  /// What a training without a part learns from and validates on.
  private static func parts(
    _ texts: [LabelledText], _ labels: LabelSet, _ training: TextClassifierTraining,
    validationFraction: Double, seed: UInt64
  ) throws -> ClassifierParts {
    if case .ngrams = training.method {
      return try ClassifierParts(all: texts, labels: labels)
    }
    return try ClassifierParts(
      LabelledData(texts: texts, kind: labels.kind), validationFraction: validationFraction,
      seed: seed, labels: labels)
  }

  /// The mean of a metric and its standard deviation, over the parts for which it is defined; nil where
  /// it is for none.
  public func summary(_ metric: Metric) -> MeanAndDeviation? {
    let values = results.compactMap(metric.value)
    return values.isEmpty ? nil : MeanAndDeviation(values)
  }
}

extension ClassifierCrossValidation {
  /// `results` with an object for each part, then `mean` and `standard_deviation` of each metric.
  public var json: JSONObject {
    func json(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    func object(_ value: (Metric) -> Double?) -> JSONObject {
      var object = JSONObject()
      for metric in Self.metrics { object.append(metric.key, json(value(metric))) }
      return object
    }
    let rows = results.enumerated().map { index, measures -> JSONValue in
      var row: JSONObject = [
        "fold": JSONValue(index + 1), "texts": JSONValue(measures.textCount),
        "right": JSONValue(measures.rightCount),
      ]
      for member in object({ $0.value(measures) }).members { row.append(member.key, member.value) }
      return .object(row)
    }
    return [
      "results": .array(rows), "mean": .object(object { summary($0)?.mean }),
      "standard_deviation": .object(object { summary($0)?.deviation }),
    ]
  }
}
