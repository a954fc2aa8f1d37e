/// A text that did not get the labels it has.
public struct MisclassifiedText: Sendable, Equatable {
  /// The text with the labels that it has.
  public let labelled: LabelledText
  /// The labels that it got, in the order of the set.
  public let told: [String]
  /// What labels there are.
  public let labels: LabelSet
  /// The probability of each.
  public let probabilities: [Double]
  /// How sure the classifier is of what is wrong: the probability of the label that the text got. Where it
  /// may have several, the greatest of those of its wrong decisions, be it for a label or against it.
  public let confidence: Double

  /// What a classifier said of a text; nil where it is right.
  ///
  /// - Parameters:
  ///   - labelled: The text with its labels.
  ///   - labels: What labels there are.
  ///   - probabilities: One for each of them.
  ///   - thresholds: From which probability on the text gets each, where it may have several.
  public init?(
    _ labelled: LabelledText, labels: LabelSet, probabilities: [Double],
    thresholds: [Double]? = nil
  ) {
    let decisions = labels.decisions(probabilities, thresholds: thresholds)
    let truth = labelled.labels.compactMap(labels.index(of:))
    let wrong = Set(decisions).symmetricDifference(truth)
    // A label that the classifier does not know is not among them.
    guard !wrong.isEmpty || truth.count < labelled.labels.count else { return nil }
    let confidences = wrong.compactMap { index -> Double? in
      if decisions.contains(index) { return probabilities[index] }
      return labels.kind == .multiple ? 1 - probabilities[index] : nil
    }
    self.labelled = labelled
    told = decisions.map { labels.names[$0] }
    self.labels = labels
    self.probabilities = probabilities
    confidence = confidences.max() ?? 0
  }

  /// The row of a file of JSON lines: the text, its `label` and the `predicted` one (lists of them where a
  /// text may have several), all probabilities by label, and where the text came from.
  public var json: JSONObject {
    func json(_ names: [String]) -> JSONValue {
      guard labels.kind != .multiple else { return .array(names.map { JSONValue($0) }) }
      return names.first.map { JSONValue($0) } ?? .null
    }
    var byLabel = JSONObject()
    for (name, probability) in zip(labels.names, probabilities) {
      byLabel.append(name, JSONValue(probability))
    }
    let isSeveral = labels.kind == .multiple
    var object: JSONObject = ["text": JSONValue(labelled.text)]
    object.append(isSeveral ? "labels" : "label", json(labelled.labels))
    object.append("predicted", json(told))
    object.append("confidence", JSONValue(confidence))
    object.append("probabilities", .object(byLabel))
    object.append("file", JSONValue(labelled.place.path))
    object.append("line", JSONValue(labelled.place.line))
    return object
  }
}

extension Sequence<MisclassifiedText> {
  /// At most `limit` of them, the one that the classifier was surest of first; of equally sure ones the one
  /// that came first.
  public func mostConfident(_ limit: Int) -> [MisclassifiedText] {
    // A sort that keeps the order of equals.
    Array(
      enumerated().sorted {
        ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset)
      }.prefix(limit).map(\.element))
  }
}
