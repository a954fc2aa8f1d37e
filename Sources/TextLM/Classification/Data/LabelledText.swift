import TextLMTensors

/// One text with its labels and where it came from.
public struct LabelledText: Sendable, Equatable {
  /// The text as it was read; nothing is normalized.
  public var text: String
  /// Its labels in the order of their code points, none twice: exactly one, unless the data has
  /// several labels a text, where there may be any number.
  public var labels: [String]
  /// Where it is written.
  public var place: LabelledPlace

  /// A text with its labels, which are sorted and freed of repeats.
  public init(text: String, labels: [String], place: LabelledPlace) {
    self.text = text
    self.labels = labels.count < 2 ? labels : Set(labels.map(UTF8Key.init)).sorted().map(\.text)
    self.place = place
  }

  /// Whether both have the same place and, code point for code point, the same text and labels.
  public static func == (left: LabelledText, right: LabelledText) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8) && left.place == right.place
      && left.hasSameLabels(as: right)
  }

  /// Whether both have the same labels, code point for code point.
  func hasSameLabels(as other: LabelledText) -> Bool {
    labels.elementsEqual(other.labels) { $0.utf8.elementsEqual($1.utf8) }
  }
}
