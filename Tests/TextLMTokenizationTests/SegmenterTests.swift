import Testing
import TextLMTokenization

/// Checks the laws of `Segmenter` on one text.
func checkSegmenterLaws(_ segmenter: any Segmenter, on text: UTF8Text) {
  let units = segmenter.units(of: text)
  var end = 0
  for (index, unit) in units.enumerated() {
    #expect(unit.lowerBound == end)
    #expect(!unit.isEmpty)
    end = unit.upperBound
    let alone = UTF8Text(String(decoding: text.bytes[unit], as: UTF8.self))
    #expect(segmenter.units(of: alone) == [0..<unit.count])
    for room in [1, 3] {
      let next = [Int](capacity: room) { ends in
        segmenter.appendUnitEnds(of: text.bytes.span, from: unit.lowerBound, to: &ends)
      }
      #expect(next == units[index...].prefix(room).map(\.upperBound))
    }
  }
  #expect(end == text.bytes.count)
}

/// Lines, each with its newline: units of any length, to see that nothing counts on scalars.
struct LineSegmenter: Segmenter {
  static let name = "line"

  func appendUnitEnds(of text: Span<UInt8>, from start: Int, to ends: inout OutputSpan<Int>) {
    var index = start
    while index < text.count, !ends.isFull {
      index += 1
      if text[index - 1] == UInt8(ascii: "\n") || index == text.count { ends.append(index) }
    }
  }
}

@Suite struct SegmenterTests {
  private static let registry = SegmenterRegistry(
    SegmenterRegistry.builtIn.segmenters + [LineSegmenter.self])

  @Test(arguments: registry.names)
  func lawsHoldForEverySegmenter(name: String) throws {
    let segmenter = try Self.registry.segmenter(named: name)
    #expect(type(of: segmenter).name == name)
    for sample in sampleTexts { checkSegmenterLaws(segmenter, on: sample) }
    var generator = SeededGenerator(state: 1)
    for _ in 0..<50 {
      let scalars = (0..<100).map { _ in allScalars[Int(generator.next() % 1_112_064)] }
      checkSegmenterLaws(segmenter, on: text(scalars))
    }
  }

  @Test func codePointsAreScalars() {
    for sample in sampleTexts + [text(allScalars)] {
      let units = CodePointSegmenter().units(of: sample)
      #expect(units.map(\.count) == sample.string.unicodeScalars.map(\.utf8.count))
    }
  }

  @Test func namesDifferAndUnknownOnesAreRefused() {
    let registry = SegmenterRegistry.builtIn
    #expect(Set(registry.names).count == registry.names.count)
    #expect(registry.names.first == "codepoint")
    let error = #expect(throws: TextError.self) { try registry.segmenter(named: "syllable") }
    #expect(error == .unknownSegmenter(name: "syllable", known: registry.names))
  }
}
