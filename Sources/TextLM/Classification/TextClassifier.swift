/// A trained classifier of texts, whatever it is made of: what `textlm classify train` makes.
///
/// ```swift
/// let classifier = try TextClassifier(contentsOf: "reviews.textlm")
/// let texts = ["What a film!", "I left after an hour."]
/// for (text, prediction) in zip(texts, try classifier.predict(texts)) {
///   print(prediction.told, prediction.probabilities, text)
/// }
/// ```
///
/// `TextClassifierTraining` trains one.
public struct TextClassifier: Sendable {
  /// What answers.
  public enum Model: Sendable {
    /// A linear model of sequences of characters and words.
    case ngrams(NGramClassifier)
    /// A network.
    case network(NeuralClassifier)
    /// A linear model of what a language model remembers.
    case probe(LanguageModelProbe)

    /// What texts are told apart by.
    public var labels: LabelSet {
      switch self {
      case .ngrams(let model): model.labels
      case .network(let model): model.labels
      case .probe(let model): model.labels
      }
    }
  }

  /// What answers.
  public let model: Model
  /// From which probability on a text gets each label, where it may have several; nil for
  /// `LabelSet.standardThreshold`, and where it has one.
  public let thresholds: [Double]?
  /// What it was trained on and how, as a JSON object.
  public let card: JSONValue
  /// The SHA-256 of its tensors as they lie in the file, as 64 hexadecimal digits; nil for one that was
  /// not read from a file.
  public let checksum: String?

  /// A classifier of these parts. Requires a threshold for each label of the kind `multiple`, or none.
  public init(
    _ model: Model, thresholds: [Double]? = nil, card: JSONValue = [:], checksum: String? = nil
  ) {
    self.model = model
    self.thresholds = thresholds
    self.card = card
    self.checksum = checksum
    require(
      thresholds.map { model.labels.kind == .multiple && $0.count == model.labels.count } ?? true,
      "text classifier: \(thresholds?.count ?? 0) thresholds of \(model.labels.count) labels "
        + "\(model.labels.kind)")
  }

  /// What texts are told apart by.
  public var labels: LabelSet { model.labels }

  /// The name of what answers, as `--arch` has it.
  public var architectureName: String {
    switch model {
    case .ngrams: NGramFeatureConfiguration.architectureName
    case .network(let model): model.configuration.architectureName
    case .probe: ClassifierMethod.probeName
    }
  }

  /// The number of all numbers that were learned, those of a probe's language model included.
  public var parameterCount: Int {
    switch model {
    case .ngrams(let model): model.parameterCount
    case .network(let model): model.parameterCount
    case .probe(let model): model.parameterCount
    }
  }

  /// The probability of each label for each text, `[text][label]`: of sum 1, or of each by itself where
  /// a text may have several.
  ///
  /// Throws `NeuralClassifierError.notFinite` for a damaged classifier.
  public func probabilities(of texts: [String]) throws -> [[Double]] {
    switch model {
    case .ngrams(let model): texts.map { model.probabilities(of: $0) }
    case .network(let model): try model.probabilities(of: texts)
    case .probe(let model): try model.probabilities(of: texts)
    }
  }

  /// What is told of each text. Texts of any length are read, with memory in proportion to the longest.
  ///
  /// Throws `NeuralClassifierError.notFinite` for a damaged classifier.
  public func predict(_ texts: [String]) throws -> [TextPrediction] {
    try probabilities(of: texts).map {
      TextPrediction(labels: labels, probabilities: $0, thresholds: thresholds)
    }
  }

  /// Unicode scalars of which a network's explanation takes seconds; nil for what explains texts of any length
  /// at once.
  ///
  /// A network reads the text once for each character, so that the time grows with the square of the length.
  public var quicklyExplainedLength: Int? {
    if case .network = model { Self.quicklyExplainedNetworkLength } else { nil }
  }

  private static let quicklyExplainedNetworkLength = 500

  /// What each Unicode scalar of a text contributed to a label: above 0 what speaks for it. nil for a
  /// probe, which does not tell.
  ///
  /// Of n-grams it is the exact part of the logit; of a network what the probability loses without the
  /// character (see `NeuralClassifier.contributions(in:to:)`), which takes a reading of the text for each.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - label: The number of the label.
  /// - Throws: `NeuralClassifierError.notFinite`.
  public func contributions(in text: String, to label: Int) throws -> [Double]? {
    switch model {
    case .ngrams(let model): model.contributions(of: text, to: label)
    case .network(let model): try model.contributions(in: text, to: label).perScalar(of: text)
    case .probe: nil
    }
  }
}
