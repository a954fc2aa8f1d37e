#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well a classifier does on texts whose labels are known.
///
/// A value that the texts do not define is nil: a precision where no text got the label, a correlation where
/// all have one, everything of no texts. It is never NaN.
public struct ClassificationMeasures: Sendable, Equatable {
  /// The labels, whose order is that of all lists here.
  public let labels: LabelSet
  /// Texts measured.
  public let textCount: Int
  /// Texts about which all is right: the one label, or each of several.
  public let rightCount: Int
  /// What became of each label.
  public let labelMeasures: [LabelMeasures]
  /// Which label texts of each label got; nil where a text may have several.
  public let confusion: ConfusionMatrix?
  /// How often what was told came true, by its probability.
  ///
  /// A prediction is the label that a text got. Where it may have several, each label's probability is
  /// one, which comes true where the text has the label.
  public let calibration: CalibrationCurve
  /// The ROC curve of the second of two labels; nil of other numbers of labels, where a text may have
  /// several, and where no text has one of the two.
  public let rocCurve: ROCCurve?
  private let nats: Double

  /// What the least probability is raised to and the greatest lowered by, before a logarithm is taken: the
  /// distance from 1 to the next number in double precision. No text costs more than 36 nats.
  public static let leastProbability = Double.ulpOfOne

  /// Measures what a classifier said of texts.
  ///
  /// - Parameters:
  ///   - labels: What they may be.
  ///   - probabilities: Of each text one for each label, `[text][label]`; where a text has one label they
  ///     add up to 1. What rounding has put beyond 0 ... 1 counts as 0 and 1.
  ///   - truth: Of each text the indices of its labels, of which there is exactly one unless it may have
  ///     several.
  ///   - thresholds: From which probability on a text gets each label, where it may have several; nil
  ///     for `LabelSet.standardThreshold`.
  public init(
    labels: LabelSet, probabilities: [[Double]], truth: [[Int]], thresholds: [Double]? = nil
  ) {
    let labelCount = labels.names.count
    Self.check(probabilities, truth, thresholds, labels)
    var counts = Array(repeating: DecisionCounts(), count: labelCount)
    var confusion = ConfusionMatrix(labelCount: labelCount)
    var calibration = CalibrationCurve()
    var (rightCount, nats) = (0, 0.0)
    for (row, truth) in zip(probabilities, truth) {
      let row = row.map { min(max($0, 0), 1) }
      let told = labels.decisions(row, thresholds: thresholds)
      rightCount += Set(told) == Set(truth) ? 1 : 0
      for label in told {
        if truth.contains(label) {
          counts[label].truePositives += 1
        } else {
          counts[label].falsePositives += 1
        }
      }
      for label in truth where !told.contains(label) { counts[label].falseNegatives += 1 }
      if labels.kind == .multiple {
        for (label, probability) in row.enumerated() {
          let hasLabel = truth.contains(label)
          nats += Self.nats(hasLabel ? probability : 1 - probability)
          calibration.add(confidence: probability, isCorrect: hasLabel)
        }
      } else {
        confusion.add(truth: truth[0], told: told[0])
        nats += Self.nats(row[truth[0]])
        calibration.add(confidence: row[told[0]], isCorrect: told == truth)
      }
    }
    let curves = (0..<labelCount).map { label in
      ROCCurve(
        probabilities: probabilities.map { $0[label] }, hasLabel: truth.map { $0.contains(label) })
    }
    self.labels = labels
    textCount = truth.count
    self.rightCount = rightCount
    labelMeasures = labels.names.indices.map {
      LabelMeasures(name: labels.names[$0], counts: counts[$0], rocArea: curves[$0]?.area)
    }
    self.confusion = labels.kind == .multiple ? nil : confusion
    self.calibration = calibration
    rocCurve = labels.kind != .multiple && labelCount == 2 ? curves[1] : nil
    self.nats = nats
  }

  private static func check(
    _ probabilities: [[Double]], _ truth: [[Int]], _ thresholds: [Double]?, _ labels: LabelSet
  ) {
    let labelCount = labels.names.count
    require(
      labelCount > 0 && probabilities.count == truth.count,
      "measures: \(probabilities.count) rows of probabilities for \(truth.count) texts, "
        + "\(labelCount) labels")
    require(
      thresholds == nil || (labels.kind == .multiple && thresholds?.count == labelCount),
      "measures: \(thresholds?.count ?? 0) thresholds of \(labelCount) labels \(labels.kind)")
    for (index, (row, truth)) in zip(probabilities, truth).enumerated() {
      require(
        row.count == labelCount && !row.contains { $0.isNaN },
        "measures: text \(index) has the probabilities \(row) of \(labelCount) labels")
      require(
        truth.allSatisfy { (0..<labelCount).contains($0) } && Set(truth).count == truth.count
          && (labels.kind == .multiple || truth.count == 1),
        "measures: text \(index) has the labels \(truth) of \(labelCount), kind \(labels.kind)")
    }
  }

  private static func nats(_ probability: Double) -> Double {
    -log(min(max(probability, leastProbability), 1 - leastProbability))
  }
}

extension ClassificationMeasures {
  /// The part of the texts about which all is right. Where a text may have several labels it is the subset
  /// accuracy: one label too few or too many makes it wrong.
  public var accuracy: Double? {
    textCount > 0 ? Double(rightCount) / Double(textCount) : nil
  }

  /// The 95 % interval of the accuracy, by Wilson.
  public var accuracyInterval: ClosedRange<Double>? {
    WilsonInterval.interval(rightCount, of: textCount)
  }

  /// The part of the decisions for and against a label that are right, of which there is one for each text
  /// and label; nil unless a text may have several. What it lacks to 1 is the Hamming loss.
  public var decisionAccuracy: Double? {
    guard confusion == nil, textCount > 0 else { return nil }
    let wrong = micro.falsePositives + micro.falseNegatives
    return 1 - Double(wrong) / Double(textCount * labels.names.count)
  }

  /// The decisions for all labels together: their precision, recall and F1 are the micro averages. Where a
  /// text has one label, all three are the accuracy.
  public var micro: DecisionCounts {
    labelMeasures.reduce(DecisionCounts()) { $0 + $1.counts }
  }

  /// The macro averages, over the labels that a text has or got; where a text may have several, over all
  /// labels. That is what scikit-learn does. nil of no texts.
  public var macro: MacroAverage? {
    guard textCount > 0 else { return nil }
    let counts = labelMeasures.map(\.counts)
    return MacroAverage(
      confusion == nil ? counts : counts.filter { $0.trueCount + $0.toldCount > 0 })
  }

  /// Matthews' correlation; nil where it is undefined and where a text may have several labels.
  public var matthewsCorrelation: Double? { confusion?.matthewsCorrelation }

  /// The area under the ROC curve: of two labels that of the second, and else the mean over the labels,
  /// each against all others, of which there are texts with and without it; nil where there is none.
  public var rocArea: Double? {
    if confusion != nil, labels.names.count == 2 { return labelMeasures[1].rocArea }
    let areas = labelMeasures.compactMap(\.rocArea)
    return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }

  /// The mean of −ln p of what is true, in nats: p is the probability of a text's label, and where it may
  /// have several, of each decision as it should be. Probabilities are clipped to `leastProbability` and
  /// what is as far from 1, as scikit-learn does. nil of no texts.
  public var logLoss: Double? {
    guard textCount > 0 else { return nil }
    return nats / Double(confusion == nil ? textCount * labels.names.count : textCount)
  }

  /// The expected calibration error over 15 bins of equal width; nil of no texts.
  public var expectedCalibrationError: Double? {
    textCount > 0 ? calibration.expectedCalibrationError : nil
  }

  /// Steps of the scale between what was told and the truth, in the mean; nil unless labels are ordinal.
  public var meanAbsoluteError: Double? {
    labels.kind == .ordinal ? confusion?.meanAbsoluteError : nil
  }

  /// Kappa with quadratic weights; nil where it is undefined and unless labels are ordinal.
  public var quadraticKappa: Double? {
    labels.kind == .ordinal ? confusion?.quadraticKappa : nil
  }
}
