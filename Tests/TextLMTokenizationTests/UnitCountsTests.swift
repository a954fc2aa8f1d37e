import Testing
import TextLMTokenization

@Suite struct UnitCountsTests {
  /// Units with their counts, by the description of an uncut vocabulary.
  private func counted(_ counts: UnitCounts) throws -> [String: Int] {
    let description = try Vocabulary(counts: counts, kind: .sequence).description
    return Dictionary(
      zip(description.units.map { Array($0.utf8) }, description.counts).map {
        ("\($0)", $1)
      }, uniquingKeysWith: +)
  }

  private func key(_ string: String) -> String { "\(Array(string.utf8))" }

  @Test func wordsAreCountedByTheirBytes() throws {
    var counts = UnitCounts()
    let segmenter = try WordSegmenter()
    counts.add(UTF8Text("caf\u{E9} cafe\u{301} caf\u{E9} a"), segmenter: segmenter)
    counts.add(UTF8Text("a"), segmenter: segmenter)
    #expect(counts.total == 8)
    #expect(counts.distinctCount == 4)
    #expect(counts.droppedCount == 0)
    let expected = [
      key("caf\u{E9}"): 2, key("cafe\u{301}"): 1, key("a"): 2, key(" "): 3,
    ]
    #expect(try counted(counts) == expected)
  }

  /// Against a dictionary, with enough different units to make the table grow several times.
  @Test func manyUnits() throws {
    var generator = SeededGenerator(state: 5)
    var expected: [String: Int] = [:]
    var counts = UnitCounts()
    let segmenter = LineSegmenter()
    for _ in 0..<20_000 {
      let number = generator.next() % 5000
      let line = "\(number * number)\n"
      expected[key(line), default: 0] += 1
      counts.add(UTF8Text(line), segmenter: segmenter)
    }
    #expect(try counted(counts) == expected)
  }

  @Test func theRarestAreLetGoWhenThereAreTooMany() throws {
    var counts = UnitCounts(sequenceLimit: 100)
    let segmenter = LineSegmenter()
    for _ in 0..<3 {
      for number in 0..<50 { counts.add(UTF8Text("often \(number)\n"), segmenter: segmenter) }
    }
    for number in 0..<3000 { counts.add(UTF8Text("once \(number)\n"), segmenter: segmenter) }
    #expect(counts.total == 3150)
    #expect(counts.distinctCount <= 100)
    #expect(counts.droppedCount == 3050 - counts.distinctCount)
    let vocabulary = try Vocabulary(
      counts: counts, kind: .sequence, rule: VocabularyRule(maximumUnitCount: 50)
    ).description
    #expect(vocabulary.units.allSatisfy { $0.hasPrefix("often") })
    #expect(vocabulary.counts == Array(repeating: 3, count: 50))
  }

  @Test func scalarsAreNeverLetGo() throws {
    var counts = UnitCounts(sequenceLimit: 1)
    counts.add(text(allScalars), segmenter: CodePointSegmenter())
    counts.add(text(allScalars), segmenter: CodePointSegmenter())
    #expect(counts.distinctCount == 1_112_064)
    #expect(counts.total == 2_224_128)
    #expect(counts.droppedCount == 0)
  }

  @Test func bytesNeedNoCounts() {
    var counts = UnitCounts()
    counts.add(UTF8Text("é"), segmenter: ByteSegmenter())
    #expect(counts.total == 2)
    #expect(counts.distinctCount == 0)
  }
}
