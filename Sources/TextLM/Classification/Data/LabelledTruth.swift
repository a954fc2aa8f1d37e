/// The labels of some data as the classes of a label set.
public struct LabelledTruth: Sendable {
  /// Texts of which all labels are in the set, as numbers of `LabelledData.texts`.
  public let texts: [Int]
  /// The classes of those texts in ascending order; exactly one a text unless there are several.
  public let classes: [[Int]]
  /// Labels that are not in the set, in the order of their code points.
  public let unknown: [UnknownLabel]

  /// Finds the classes of all texts.
  public init(_ data: LabelledData, in labels: LabelSet, placeLimit: Int = 10) {
    var known: [(text: Int, classes: [Int])] = []
    var places: [UTF8Key: [LabelledPlace]] = [:]
    for (index, text) in data.texts.enumerated() {
      let found = text.labels.map { ($0, labels.index(of: $0)) }
      for (name, index) in found where index == nil {
        places[UTF8Key(name), default: []].append(text.place)
      }
      let classes = found.compactMap(\.1)
      if classes.count == found.count { known.append((index, classes.sorted())) }
    }
    texts = known.map(\.text)
    classes = known.map(\.classes)
    unknown = places.sorted { $0.key < $1.key }.map {
      UnknownLabel(
        name: $0.key.text, textCount: $0.value.count, places: Array($0.value.prefix(placeLimit)))
    }
  }
}
