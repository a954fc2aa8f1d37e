/// Trains a classifier of n-grams: looks for the weight of the data and the temperature on held out
/// texts, and fits all texts with them.
///
/// The texts are divided into parts that have the classes in equal proportions. For each weight, each
/// part is answered by a model of the others; the weight whose answers cost least, at the temperature
/// that suits them best, is taken, and while it is at an end of those tried, up to two further ones are.
/// Everything that is learned from texts, the features that count too, is learned from the others
/// anew. The same texts, configuration and seed give the same classifier, bit for bit.
///
/// A text without a known feature gets the parts of the classes among the training texts as its
/// probabilities, whatever the temperature, and how sure the classifier is of others is what the answers to
/// the held out texts justify: of n that are all right, (n + 1) / (n + 2).
///
/// Time is in proportion to the features of the texts, to questions and to weights tried: some ten
/// seconds for 7,000 sentences. Of more than some 20,000 sentences, a drawn part is used for the
/// trials, and all for the classifier. Memory is about 4 bytes for each feature of a text, and 40
/// for each different one.
public struct NGramClassifierTraining: Sendable {
  /// What was trained.
  public let classifier: NGramClassifier
  /// What was tried, in the order of the weights of the data; empty for less than four texts, which
  /// cannot be divided.
  public let trials: [DataWeightTrial]
  /// The trial that was taken; nil where there was none.
  public let chosen: DataWeightTrial?
  /// The probabilities that the chosen trial gave texts that were held out, `[text][class]`, and the classes
  /// of these; nil where there was no trial.
  let heldOut: (probabilities: [[Double]], truth: [[Int]])?

  /// The most weights of a model: of more features, fewer are kept for many classes.
  static let weightLimit = 1 << 27
  /// How many features the texts that are used for the trials have at most, repeats counted.
  static let trialFeatureLimit = 1 << 23

  /// Trains.
  ///
  /// - Parameters:
  ///   - texts: At least one. A text may be empty.
  ///   - truth: The classes of each: one, or any number with several labels a text.
  ///   - labels: What the classes are called, at least two.
  ///   - configuration: Which features there are and what is tried.
  ///   - seed: From which the division into parts is drawn.
  ///   - classWeights: How much a text of each class counts, 1 where it is left out; a text of
  ///     several labels counts their mean.
  ///   - observe: Told the number of the linear model that is being fitted, from 1 on and 0 before the
  ///     first, ahead of each step of it; when it answers false, the training ends.
  /// - Throws: `NGramClassifierError.noTexts`, `.tooFewLabels`; `ClassifierTrainingError.stopped`; and
  ///   `TextError` where ICU lacks its tables.
  public init(
    texts: [String], truth: [[Int]], labels: LabelSet,
    configuration: NGramFeatureConfiguration, seed: UInt64, classWeights: [Double]? = nil,
    observe: (Int) -> Bool = { _ in true }
  ) throws {
    require(
      texts.count == truth.count, "n-gram classifier: \(texts.count) texts, \(truth.count) truths")
    for classes in truth {
      require(
        (labels.kind == .multiple || classes.count == 1)
          && classes.allSatisfy(labels.names.indices.contains),
        "n-gram classifier: classes \(classes) of \(labels.count) \(labels.kind) labels")
    }
    guard !texts.isEmpty else { throw NGramClassifierError.noTexts }
    guard labels.kind == .multiple || labels.count > 1 else {
      throw NGramClassifierError.tooFewLabels(count: labels.count)
    }
    try FeatureText.checkAvailable()
    (classifier, trials, chosen, heldOut) = try withoutActuallyEscaping(observe) { observe in
      let watch = FittingWatch(observe)
      let fitting = try NGramClassifierFitting(
        texts: texts, truth: truth, labels: labels, configuration: configuration,
        classWeights: classWeights, watch)
      let found = try fitting.trials(seed: seed, watch)
      // Without a trial, the middle of what would have been tried.
      let weights = configuration.dataWeights
      let classifier = try fitting.classifier(
        dataWeight: found?.chosen.dataWeight ?? weights[weights.count / 2],
        temperature: found?.chosen.temperature ?? 1, watch)
      return (
        classifier, (found?.trials ?? []).sorted { $0.dataWeight < $1.dataWeight },
        found?.chosen,
        found.map { (probabilities: fitting.probabilities($0), truth: $0.truth) }
      )
    }
  }
}
