import TextLM
import Testing

@Suite("Labels: their order, their numbers and their weights")
struct LabelSetTests {
  @Test("Labels are in the order of their code points, each once")
  func order() throws {
    let labels = try LabelSet(
      kind: .single, names: ["b", "é", "a", "B", "e\u{301}", "b", "🙂", "10", "9"])
    #expect(
      labels.names.map { Array($0.utf8) }
        == ["10", "9", "B", "a", "b", "e\u{301}", "é", "🙂"].map { Array($0.utf8) })
    for (index, name) in labels.names.enumerated() { #expect(labels.index(of: name) == index) }
    #expect(labels.index(of: "c") == nil && labels.index(of: "") == nil)
  }

  @Test("Ordinal labels are in the order of their values, and equal values are one")
  func ordinal() throws {
    let labels = try LabelSet(kind: .ordinal, names: ["10", "9.5", "-3", "1e1", "+9.50", "0"])
    #expect(labels.names == ["-3", "0", "9.5", "10"])
    #expect(labels.index(of: "010.0") == 3 && labels.index(of: "-3e0") == 0)
    for name in ["", "ten", "nan", "inf", "0x10", "1e999", "1 ", "1,5", "٣"] {
      #expect(labels.index(of: name) == nil)
      #expect(throws: LabelledDataError.self) { try LabelSet(kind: .ordinal, names: ["1", name]) }
    }
  }

  @Test("A set of no labels, or with an empty one, is none")
  func empty() {
    #expect(throws: LabelledDataError.noLabels) { try LabelSet(kind: .single, names: [String]()) }
    #expect(throws: LabelledDataError.emptyLabel) {
      try LabelSet(kind: .multiple, names: ["a", ""])
    }
  }

  @Test("A stored set is the same set; a damaged one is refused", arguments: LabelKind.allCases)
  func storing(kind: LabelKind) throws {
    let labels = try LabelSet(kind: kind, names: ["3", "20", "1"])
    #expect(try LabelSet(JSONField(labels.json, path: "labels")) == labels)
    let names: [JSONValue] = labels.names.map { .string($0) }
    let damaged: [JSONValue] = [
      .null, [:], ["kind": .string(kind.rawValue)], ["kind": "double", "names": .array(names)],
      ["kind": .string(kind.rawValue), "names": []],
      ["kind": .string(kind.rawValue), "names": .array(names.reversed())],
      ["kind": .string(kind.rawValue), "names": .array(names + [names[2]])],
      ["kind": .string(kind.rawValue), "names": .array([3, 20])],
      ["kind": .string(kind.rawValue), "names": .array(names), "more": 1],
    ]
    for json in damaged {
      #expect(throws: (any Error).self) { try LabelSet(JSONField(json, path: "labels")) }
    }
  }

  @Test("Balanced weights make the classes count alike")
  func weights() throws {
    let labels = try LabelSet(kind: .single, names: ["a", "b", "c"])
    // 6 texts, 2 classes that have any: 6 / (2 · 4) and 6 / (2 · 2).
    #expect(labels.balancedWeights([[0], [0], [2], [0], [2], [0]]) == [0.75, 0, 1.5])
    let several = try LabelSet(kind: .multiple, names: ["a", "b"])
    // Label a is there twice and label b once: 3 / (2 · 2) and 3 / (2 · 1).
    #expect(several.balancedWeights([[0, 1], [0], []]) == [0.75, 1.5])
    #expect(several.balancedWeights([]) == [0, 0])
  }

  @Test("Labels of texts are in order and without repeats, code point for code point")
  func textLabels() {
    let place = LabelledPlace(path: "x", line: 1)
    let text = LabelledText(text: "x", labels: ["b", "a", "b", "A"], place: place)
    #expect(text.labels == ["A", "a", "b"])
    #expect(
      LabelledText(text: "é", labels: [], place: place)
        != LabelledText(text: "e\u{301}", labels: [], place: place))
    #expect(place.description == "x, line 1")
  }

  @Test("Labels that a classifier does not know are told with their places")
  func unknownLabels() throws {
    let data = try LabelledTexts.data(
      [
        ("a", ["x"]), ("b", ["y", "z"]), ("c", ["w", "x"]), ("d", []), ("e", ["z"]),
        ("f", ["y", "z"]),
      ], kind: .multiple)
    let known = try LabelSet(kind: .multiple, names: ["v", "w", "x"])
    let truth = LabelledTruth(data, in: known, placeLimit: 2)
    #expect(truth.texts == [0, 2, 3])
    #expect(truth.classes == [[2], [1, 2], []])
    func place(_ line: Int) -> LabelledPlace { LabelledPlace(path: "x", line: line) }
    #expect(truth.unknown.map(\.name) == ["y", "z"])
    #expect(truth.unknown.map(\.textCount) == [2, 3])
    #expect(truth.unknown.map(\.places) == [[place(2), place(6)], [place(2), place(5)]])
    #expect(
      truth.unknown[1].description == "\"z\" (3 texts: x, line 2; x, line 5, ...)")
    #expect(throws: LabelledDataError.unknownLabels(truth.unknown, known: known.names)) {
      try truth.requireKnownLabels()
    }
    try LabelledTruth(data, in: data.labels).requireKnownLabels()
  }

  @Test("Labels that are all the same are refused", arguments: LabelKind.allCases)
  func oneLabel(kind: LabelKind) throws {
    let same = try LabelledTexts.data([("a", ["1"]), ("b", ["1"])], kind: kind)
    #expect(throws: LabelledDataError.oneLabel(name: "1", textCount: 2)) {
      try same.requireSeveralLabels()
    }
    let different = try LabelledTexts.data([("a", ["1"]), ("b", ["2"])], kind: kind)
    try different.requireSeveralLabels()
    let written = try LabelledTexts.data([("a", ["1"]), ("b", ["1.0"])], kind: kind)
    if kind == .ordinal {
      #expect(throws: LabelledDataError.self) { try written.requireSeveralLabels() }
    } else {
      try written.requireSeveralLabels()
    }
  }
}
