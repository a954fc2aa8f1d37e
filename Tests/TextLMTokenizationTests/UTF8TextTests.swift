import Testing
import TextLMTokenization

@Suite struct UTF8TextTests {
  @Test func everyScalarIsKept() {
    let all = text(allScalars)
    #expect(all.scalars == allScalars.map(\.value))
    #expect(all.characterCount == 1_112_064)
    #expect(all.string.unicodeScalars.elementsEqual(allScalars))
  }

  @Test func equalityIsThatOfBytes() {
    // As strings these are equal: that is canonical equivalence.
    #expect("\u{E9}" == "e\u{301}")
    #expect(UTF8Text("\u{E9}") != UTF8Text("e\u{301}"))
  }

  @Test(arguments: sampleTexts)
  func partsOfASplitAreTheText(sample: UTF8Text) {
    for offset in 0...sample.bytes.count {
      let (head, tail) = sample.split(atByte: offset)
      #expect(head.bytes + tail.bytes == sample.bytes)
      #expect(head.scalars + tail.scalars == sample.scalars)
      // No scalar is longer than four bytes.
      #expect((offset - 3...offset).contains(head.bytes.count))
    }
  }

  @Test(arguments: [
    ("", 0), (" \n\t", 0), ("one", 1), ("  two words ", 2),
    ("a\u{A0}b\u{3000}c\u{2028}d\u{85}e", 5),
    // Zero-width space and the byte-order mark are no white space.
    ("a\u{200B}b\u{FEFF}c", 1), ("日本語 の", 2), ("\0\u{1}", 1),
  ])
  func wordsAreRunsBetweenWhiteSpace(string: String, words: Int) {
    #expect(UTF8Text(string).wordCount == words)
  }
}
