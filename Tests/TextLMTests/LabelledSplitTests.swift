import TextLM
import Testing

@Suite("Labelled data: splits, folds and what is there twice")
struct LabelledSplitTests {
  private typealias Texts = LabelledTexts

  /// How many of some texts have each label.
  private func counts(_ numbers: [Int], of data: LabelledData) -> [Int] {
    data.labels.names.map { name in numbers.count { data.texts[$0].labels.contains(name) } }
  }

  @Test(
    "A split has every text once and every label in proportion", arguments: [0.1, 0.25, 0.5, 0.9])
  func proportions(fraction: Double) throws {
    let sizes = [("a", 400), ("b", 37), ("c", 2), ("d", 61)]
    let data = try Texts.data(counts: sizes)
    for seed in 0..<10 as Range<UInt64> {
      let split = try LabelledSplit(data, validationFraction: fraction, seed: seed)
      #expect((split.training + split.validation).sorted() == Array(0..<500))
      #expect(split.training == split.training.sorted())
      #expect(split.crossing.isEmpty && split.unsplitLabels.isEmpty)
      let found = counts(split.validation, of: data)
      for (count, size) in zip(found, sizes) {
        #expect(abs(Double(count) - Double(size.1) * fraction) < 1 || size.1 == 2)
      }
      #expect(counts(split.training, of: data).allSatisfy { $0 > 0 })
      #expect(abs(split.validation.count - Int(500 * fraction)) <= 1)
    }
  }

  @Test("The seed decides, and the order of the texts does not")
  func order() throws {
    let data = try Texts.data(counts: [("a", 50), ("b", 30)])
    let turned = try LabelledData(texts: data.texts.reversed(), kind: .single)
    func texts(_ data: LabelledData, _ seed: UInt64) throws -> Set<String> {
      let split = try LabelledSplit(data, validationFraction: 0.2, seed: seed)
      return Set(split.validation.map { data.texts[$0].text })
    }
    func fold(_ data: LabelledData, _ seed: UInt64) throws -> Set<String> {
      Set(try LabelledFolds(data, count: 5, seed: seed).folds[0].map { data.texts[$0].text })
    }
    #expect(try texts(data, 1) == texts(turned, 1) && fold(data, 1) == fold(turned, 1))
    #expect(try texts(data, 1) != texts(data, 2) && fold(data, 1) != fold(data, 2))
  }

  @Test("A label with one text is learned from, and told")
  func rareLabels() throws {
    let data = try Texts.data(counts: [("a", 20), ("b", 1), ("c", 20), ("d", 1)])
    for seed in 0..<20 as Range<UInt64> {
      let split = try LabelledSplit(data, validationFraction: 0.5, seed: seed)
      #expect(split.unsplitLabels == ["b", "d"])
      #expect(split.training.contains(20) && split.training.contains(41))
      #expect(split.validation.count == 20)
    }
    let folds = try LabelledFolds(data, count: 4, seed: 1)
    #expect(folds.labelsInOneFold == ["b", "d"])
  }

  @Test("What cannot be divided is refused")
  func refusals() throws {
    let data = try Texts.data(counts: [("a", 2), ("b", 2)])
    for fraction in [0, 1, -0.5, 2, .nan] {
      #expect(throws: LabelledDataError.self) {
        try LabelledSplit(data, validationFraction: fraction, seed: 1)
      }
    }
    #expect(try LabelledSplit(data, validationFraction: 0.01, seed: 1).validation.count == 1)
    let single = try Texts.data(counts: [("a", 1), ("b", 1)])
    #expect(throws: LabelledDataError.nothingToValidateOn(textCount: 2, labelCount: 2)) {
      try LabelledSplit(single, validationFraction: 0.5, seed: 1)
    }
    let same = try Texts.data(counts: [("a", 9)])
    #expect(throws: LabelledDataError.oneLabel(name: "a", textCount: 9)) {
      try LabelledSplit(same, validationFraction: 0.5, seed: 1)
    }
    #expect(throws: LabelledDataError.oneLabel(name: "a", textCount: 9)) {
      try LabelledFolds(same, count: 3, seed: 1)
    }
    for count in [-1, 0, 1, 5] {
      #expect(throws: LabelledDataError.foldCount(count, textCount: 4)) {
        try LabelledFolds(data, count: count, seed: 1)
      }
    }
  }

  @Test(
    "Folds are disjoint, cover everything and have every label in proportion",
    arguments: [2, 3, 10])
  func folds(count: Int) throws {
    let data = try Texts.data(counts: [("a", 101), ("b", 54), ("c", 10)])
    for seed in 0..<5 as Range<UInt64> {
      let folds = try LabelledFolds(data, count: count, seed: seed)
      #expect(folds.folds.count == count)
      #expect(folds.folds.joined().sorted() == Array(0..<165))
      for (index, fold) in folds.folds.enumerated() {
        #expect(abs(Double(fold.count) - 165 / Double(count)) < 1)
        #expect((fold + folds.training(without: index)).sorted() == Array(0..<165))
        for (found, size) in zip(counts(fold, of: data), [101, 54, 10]) {
          #expect(abs(Double(found) - Double(size) / Double(count)) < 1)
        }
      }
      #expect(folds.labelsInOneFold.isEmpty)
    }
  }

  @Test("With several labels a text the rarest ones are in proportion")
  func severalLabels() throws {
    // Every text has `all`; every 3rd `third`, every 20th `rare`; 7 texts have none.
    let texts = (0..<200).map { number -> (String, [String]) in
      let labels = [(1, "all"), (3, "third"), (20, "rare")]
      return ("\(number)", labels.filter { number % $0.0 == 0 }.map(\.1))
    }
    let none = (0..<7).map { ("none \($0)", [String]()) }
    let data = try Texts.data(texts + none, kind: .multiple)
    for seed in 0..<10 as Range<UInt64> {
      let split = try LabelledSplit(data, validationFraction: 0.2, seed: seed)
      #expect((split.training + split.validation).sorted() == Array(0..<207))
      // `all`, `rare`, `third`: 200, 10 and 67 texts.
      let found = counts(split.validation, of: data)
      #expect(abs(found[1] - 2) <= 1)
      #expect(abs(found[2] - 13) <= 2 && abs(found[0] - 40) <= 2)
    }
  }

  @Test("The same texts are found whatever their capitals, spaces and forms are")
  func duplicates() throws {
    let data = try Texts.data([
      ("A good film", ["x"]), ("bad", ["y"]), ("  a  GOOD\tfilm\n", ["x"]), ("CAFE\u{301}", ["x"]),
      ("café", ["y"]), ("a good film!", ["x"]), ("Bad ", ["y"]), ("ﬁlm", ["x"]), ("film", ["x"]),
      ("a\u{3000}good film", ["y"]),
    ])
    let found = try DuplicateTexts(data.texts)
    #expect(found.groups == [[0, 2, 9], [1, 6], [3, 4], [7, 8]])
    #expect(found.repeatCount == 5)
    #expect(found.conflictCount == 2)
    let pairs = try DuplicateTexts.pairs(data.texts[..<5], data.texts[5...])
    #expect(pairs.map(\.first.line) == [2, 1] && pairs.map(\.second.line) == [7, 10])
    #expect(pairs.map(\.haveSameLabels) == [true, false])
    #expect(
      pairs[1].description == "x, line 10: the same text as x, line 1, with other labels")
  }

  @Test("The same texts come to one side, or are told")
  func duplicatesAcross() throws {
    // Every text is there four times, in other capitals and with other spaces.
    let forms: [(String) -> String] = [
      { $0 }, { " " + $0 }, { $0.uppercased() }, { $0 + "\n" },
    ]
    let data = try Texts.data(
      (0..<40).flatMap { number in
        forms.map { ($0("text \(number)"), [number < 30 ? "a" : "b"]) }
      })
    for seed in 0..<5 as Range<UInt64> {
      let split = try LabelledSplit(data, validationFraction: 0.25, seed: seed)
      #expect(Set(split.training.map { $0 / 4 }).isDisjoint(with: split.validation.map { $0 / 4 }))
      #expect(split.validation.count == 40 && split.crossing.isEmpty)
      let folds = try LabelledFolds(data, count: 4, seed: seed)
      for index in folds.folds.indices {
        let others = Set(folds.training(without: index).map { $0 / 4 })
        #expect(others.isDisjoint(with: folds.folds[index].map { $0 / 4 }))
      }
      let apart = try LabelledSplit(
        data, validationFraction: 0.25, seed: seed, keepsDuplicatesTogether: false)
      let known = Set(apart.training.map { $0 / 4 })
      let crossing = apart.validation.filter { known.contains($0 / 4) }
      #expect(!crossing.isEmpty && apart.crossing.map(\.second.line) == crossing.map { $0 + 1 })
      #expect(apart.crossing.allSatisfy { ($0.first.line - 1) / 4 == ($0.second.line - 1) / 4 })
    }
  }
}
