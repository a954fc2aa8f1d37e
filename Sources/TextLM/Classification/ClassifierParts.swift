/// Labelled texts divided into those to learn from and those to validate on.
public struct ClassifierParts: Sendable {
  /// The labels of both.
  public let labels: LabelSet
  /// What is learned from.
  public let training: [LabelledText]
  /// What is validated on.
  public let validation: [LabelledText]
  /// Whether what is validated on was held out of the data, and is no data of its own.
  public let isHeldOut: Bool
  /// Texts that are on both sides, with both places.
  public let crossing: [DuplicatePair]
  /// Labels that only one text has, which is learned from.
  public let unsplitLabels: [String]
  let trainingTruth: [[Int]]
  let validationTruth: [[Int]]

  /// Holds out a part of some data; see `LabelledSplit`.
  ///
  /// - Parameter labels: The labels of a classifier, where the data may lack some; nil for the data's own.
  /// - Throws: As `LabelledSplit.init` does.
  public init(
    _ data: LabelledData, validationFraction: Double, seed: UInt64, labels: LabelSet? = nil
  ) throws {
    let split = try LabelledSplit(data, validationFraction: validationFraction, seed: seed)
    try self.init(
      labels: labels ?? data.labels, training: split.training.map { data.texts[$0] },
      validation: split.validation.map { data.texts[$0] }, isHeldOut: true,
      crossing: split.crossing, unsplitLabels: split.unsplitLabels)
  }

  /// Validates on data of its own.
  ///
  /// - Throws: `LabelledDataError.oneLabel`; `.unknownLabels` for labels that only the validation data
  ///   have; `TextError.normalizationUnavailable`.
  public init(_ data: LabelledData, validation: LabelledData) throws {
    try data.requireSeveralLabels()
    try LabelledTruth(validation, in: data.labels).requireKnownLabels()
    try self.init(
      labels: data.labels, training: data.texts, validation: validation.texts, isHeldOut: false,
      crossing: DuplicateTexts.pairs(data.texts, validation.texts), unsplitLabels: [])
  }

  /// Learns from all, and validates on nothing.
  init(all data: [LabelledText], labels: LabelSet) throws {
    try self.init(
      labels: labels, training: data, validation: [], isHeldOut: true, crossing: [],
      unsplitLabels: [])
  }

  private init(
    labels: LabelSet, training: [LabelledText], validation: [LabelledText], isHeldOut: Bool,
    crossing: [DuplicatePair], unsplitLabels: [String]
  ) throws {
    self.labels = labels
    self.training = training
    self.validation = validation
    self.isHeldOut = isHeldOut
    self.crossing = crossing
    self.unsplitLabels = unsplitLabels
    func classes(_ texts: [LabelledText]) -> [[Int]] {
      texts.map { $0.labels.compactMap(labels.index).sorted() }
    }
    trainingTruth = classes(training)
    validationTruth = classes(validation)
  }

  /// How many of the texts to learn from have each label, in the order of the labels.
  public var labelCounts: [Int] {
    var counts = [Int](repeating: 0, count: labels.count)
    for index in trainingTruth.joined() { counts[index] += 1 }
    return counts
  }

  var trainingExamples: ClassifierExamples {
    ClassifierExamples(texts: training.map(\.text), truth: trainingTruth)
  }

  var validationExamples: ClassifierExamples {
    ClassifierExamples(texts: validation.map(\.text), truth: validationTruth)
  }
}
