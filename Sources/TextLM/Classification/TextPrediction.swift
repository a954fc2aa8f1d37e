/// What a classifier says of a text.
public struct TextPrediction: Sendable, Equatable {
  /// What labels there are.
  public let labels: LabelSet
  /// The probability of each, in their order.
  public let probabilities: [Double]
  /// The labels that the text gets, as indices in ascending order: one, or where a text may have
  /// several any number.
  public let toldIndices: [Int]

  /// What follows from probabilities; `thresholds` as in `LabelSet.decisions(_:thresholds:)`.
  public init(labels: LabelSet, probabilities: [Double], thresholds: [Double]? = nil) {
    self.labels = labels
    self.probabilities = probabilities
    toldIndices = labels.decisions(probabilities, thresholds: thresholds)
  }

  /// The labels that the text gets, by name.
  public var told: [String] { toldIndices.map { labels.names[$0] } }

  /// The labels with their probabilities, the likeliest first, and of equally likely ones the first in
  /// the order of labels.
  public var ranked: [(label: String, probability: Double)] {
    zip(labels.names, probabilities).enumerated().sorted {
      ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
    }.map { ($0.element.0, $0.element.1) }
  }

  /// The label to explain: the likeliest of those that the text gets, and where it gets none, of all.
  public var foremostIndex: Int {
    let candidates = toldIndices.isEmpty ? Array(probabilities.indices) : toldIndices
    return candidates.reduce(candidates[0]) {
      probabilities[$1] > probabilities[$0] ? $1 : $0
    }
  }
}

extension TextPrediction {
  /// The members of a row of `classify predict --format json`: `label`, or `labels` where there may be
  /// several, and `probabilities` of the likeliest `limit` labels, or of all in their order.
  public func json(limit: Int? = nil) -> JSONObject {
    var byLabel = JSONObject()
    if let limit {
      for (label, probability) in ranked.prefix(limit) {
        byLabel.append(label, JSONValue(probability))
      }
    } else {
      for (label, probability) in zip(labels.names, probabilities) {
        byLabel.append(label, JSONValue(probability))
      }
    }
    var object = JSONObject()
    if labels.kind == .multiple {
      object.append("labels", .array(told.map { JSONValue($0) }))
    } else {
      object.append("label", JSONValue(told[0]))
    }
    object.append("probabilities", .object(byLabel))
    return object
  }
}
