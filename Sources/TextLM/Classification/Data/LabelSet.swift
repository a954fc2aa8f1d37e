public import TextLMTensors

/// The labels of a classifier in their order; a label's index is the number of its class.
///
/// The order is that of code points, and for ordinal labels that of the numbers that they are. Labels
/// are compared code point for code point, and ordinal ones by value: `1.0` and `1` are one label,
/// which is called by the shorter name.
public struct LabelSet: Sendable {
  /// What the labels mean.
  public let kind: LabelKind
  /// The labels in their order, at least one.
  public let names: [String]
  private let indices: [UTF8Key: Int]
  private let values: [Double: Int]

  /// The set of some labels, in any order and any number of times.
  ///
  /// - Throws: `LabelledDataError.noLabels` when there is none, `.emptyLabel`, and `.noNumber` for
  ///   an ordinal label that is no number.
  public init(kind: LabelKind, names: some Sequence<String>) throws(LabelledDataError) {
    let distinct = Set(names.map(UTF8Key.init)).sorted()
    guard !distinct.isEmpty else { throw .noLabels }
    guard !distinct[0].text.utf8.isEmpty else { throw .emptyLabel }
    self.kind = kind
    if kind == .ordinal {
      var writings: [Double: String] = [:]
      for key in distinct {
        guard let value = Self.number(key.text) else { throw .noNumber(label: key.text) }
        let known = writings[value]
        writings[value] =
          known.map { $0.utf8.count <= key.text.utf8.count ? $0 : key.text } ?? key.text
      }
      let ordered = writings.sorted { $0.key < $1.key }
      self.names = ordered.map(\.value)
      values = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.key, $0) })
      indices = [:]
    } else {
      self.names = distinct.map(\.text)
      indices = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
      values = [:]
    }
  }

  /// How many labels there are.
  public var count: Int { names.count }

  /// The number of a label's class; nil for a label that is not in the set.
  public func index(of name: String) -> Int? {
    kind == .ordinal ? Self.number(name).flatMap { values[$0] } : indices[UTF8Key(name)]
  }

  /// The number that a label is, in decimal digits with a sign, a point or an exponent; nil for
  /// everything else.
  static func number(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    guard isPlain, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

extension LabelSet: Equatable {
  /// Whether both have the same kind and the same names.
  public static func == (left: LabelSet, right: LabelSet) -> Bool {
    left.kind == right.kind && left.names.map(UTF8Key.init) == right.names.map(UTF8Key.init)
  }
}

extension LabelSet {
  /// The set as a classifier's file has it: `{"kind": "single", "names": ["neg", "pos"]}`.
  public var json: JSONValue {
    ["kind": JSONValue(kind.rawValue), "names": .array(names.map { .string($0) })]
  }

  /// Reads a set, which may come from anywhere.
  ///
  /// - Throws: `JSONFieldError`, and `LabelledDataError` as `init(kind:names:)` does or, for names in
  ///   another order than the set's own, `.labelOrder`.
  public init(_ json: JSONField) throws {
    try json.allowOnly(["kind", "names"])
    let name = try json.string("kind")
    guard let kind = LabelKind(rawValue: name) else {
      throw JSONFieldError.wrongType(
        path: json.path + ".kind", expected: "single, multiple or ordinal",
        found: quotedForMessage(name))
    }
    let names = try json.field("names").elements().map { try $0.string() }
    try self.init(kind: kind, names: names)
    // A class is known by its number alone.
    guard self.names.map(UTF8Key.init) == names.map(UTF8Key.init) else {
      throw LabelledDataError.labelOrder
    }
  }
}
