import TextLMTensors

/// The labels of some data as the classes of a label set, such as a classifier's.
public struct LabelledTruth: Sendable {
  /// Texts of which all labels are in the set, as ascending numbers of `LabelledData.texts`.
  public let texts: [Int]
  /// The classes of each of those texts in ascending order; exactly one unless a text has several.
  public let classes: [[Int]]
  /// Labels that are not in the set, in the order of their code points.
  public let unknown: [UnknownLabel]
  private let labels: LabelSet

  /// Finds the classes of all texts.
  ///
  /// - Parameters:
  ///   - data: The texts.
  ///   - labels: The set.
  ///   - placeLimit: How many places of each unknown label are kept; all texts are counted.
  public init(_ data: LabelledData, in labels: LabelSet, placeLimit: Int = 5) {
    var texts: [Int] = []
    var classes: [[Int]] = []
    var unknown: [UTF8Key: (count: Int, places: [LabelledPlace])] = [:]
    for (index, text) in data.texts.enumerated() {
      let found = text.labels.compactMap(labels.index)
      guard found.count < text.labels.count else {
        texts.append(index)
        classes.append(found.sorted())
        continue
      }
      for name in text.labels where labels.index(of: name) == nil {
        var entry = unknown[UTF8Key(name)] ?? (0, [])
        entry.count += 1
        if entry.places.count < placeLimit { entry.places.append(text.place) }
        unknown[UTF8Key(name)] = entry
      }
    }
    self.texts = texts
    self.classes = classes
    self.labels = labels
    self.unknown = unknown.sorted { $0.key < $1.key }.map {
      UnknownLabel(name: $0.key.text, textCount: $0.value.count, places: $0.value.places)
    }
  }

  /// Refuses data with labels that are not in the set.
  ///
  /// - Throws: `LabelledDataError.unknownLabels`.
  public func requireKnownLabels() throws(LabelledDataError) {
    if !unknown.isEmpty { throw .unknownLabels(unknown, known: labels.names) }
  }
}
