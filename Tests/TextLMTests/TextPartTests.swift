import Testing
import TextLM

@Suite("Writing: lines, sentences and paragraphs")
struct TextPartTests {
  /// What is written of `text` until the part ends, when it comes in pieces of so many characters;
  /// and whether it ended.
  private func cut(
    _ text: String, _ part: TextPart, pieceLength: Int = 1
  ) throws -> (text: String, hasEnded: Bool) {
    var watcher = try PartWatcher(part)
    var rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty {
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: rest.prefix(pieceLength))
      rest = rest.dropFirst(pieceLength)
      watcher.append(UTF8Text(String(piece)))
      if let end = watcher.end {
        return (String(decoding: text.utf8.prefix(end), as: UTF8.self), true)
      }
      #expect(watcher.releasedCount <= text.utf8.count)
    }
    return (text, false)
  }

  private func expect(_ text: String, _ part: TextPart, _ expected: String?) throws {
    for length in [1, 2, 3, 100] {
      let (found, hasEnded) = try cut(text, part, pieceLength: length)
      #expect(hasEnded == (expected != nil), "\(text) in pieces of \(length)")
      #expect(found.utf8.elementsEqual((expected ?? text).utf8), "\(found) in pieces of \(length)")
    }
  }

  @Test(
    "A line ends in front of any line end",
    arguments: [
      ("one\ntwo", "one"), ("one\r\ntwo", "one"), ("one\rtwo", "one"), ("a\u{2028}b", "a"),
      ("\ntwo", ""), ("one", nil), ("", nil),
    ] as [(String, String?)])
  func lines(text: String, expected: String?) throws {
    try expect(text, .line, expected)
  }

  @Test(
    "A sentence ends behind its mark and what closes behind it",
    arguments: [
      ("It was calm. The sea", "It was calm."), ("Why?! She", "Why?!"),
      ("3.14 is. Not", "3.14 is."),
      ("\"Go!\" he said", "\"Go!\""), ("(Yes.) No", "(Yes.)"), ("Well... so", "Well..."),
      ("Well… so", "Well…"), ("海は静かだった。朝", "海は静かだった。"), ("「行け。」彼", "「行け。」"),
      ("शांत था। सुबह", "शांत था।"), ("one.\ntwo", "one."), ("... then. And", "... then."),
      ("No end", nil), ("e.g.this", nil), ("End.", nil),
    ] as [(String, String?)])
  func sentences(text: String, expected: String?) throws {
    try expect(text, .sentence, expected)
  }

  @Test(
    "A paragraph ends in front of a blank line behind something visible",
    arguments: [
      ("one\ntwo\n\nthree", "one\ntwo"), ("one\n \t\ntwo", "one"), ("one\r\n\r\ntwo", "one"),
      ("\n\none\n\ntwo", "\n\none"), ("one  \n\ntwo", "one  "), ("a\u{2029}b", "a"),
      ("one\ntwo", nil), ("one\n", nil),
    ] as [(String, String?)])
  func paragraphs(text: String, expected: String?) throws {
    try expect(text, .paragraph, expected)
  }

  @Test(
    "Stop texts are found in pieces of any length",
    arguments: [
      ("abcabd", ["abd"], "abc"), ("aaab", ["aab"], "a"), ("abcd", ["abcd", "bc"], "a"),
      ("xabc", ["bc", "abc"], "x"), ("né", ["é"], "n"), ("abab", ["ac"], nil),
    ] as [(String, [String], String?)])
  func stops(text: String, stops: [String], expected: String?) throws {
    for length in [1, 2, 3, 100] {
      var watcher = StopWatcher(stops)
      var rest = Array(text.unicodeScalars)[...]
      var end: Int?
      while end == nil, !rest.isEmpty {
        var piece = String.UnicodeScalarView()
        piece.append(contentsOf: rest.prefix(length))
        rest = rest.dropFirst(length)
        watcher.append(UTF8Text(String(piece)))
        end = watcher.end
      }
      #expect(end == expected?.utf8.count, "in pieces of \(length)")
    }
  }
}
