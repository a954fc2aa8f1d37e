import TextLM
import Testing

@Suite("Lines of labelled texts")
struct LineCutterTests {
  @Test("Lines are the same in portions of any size")
  func portions() {
    let bytes = Array("one\r\n\ntwo\rthree\nfour".utf8)
    for portion in 1...bytes.count {
      var cutter = LineCutter()
      var lines: [LineCutter.Line] = []
      for start in stride(from: 0, to: bytes.count, by: portion) {
        lines += cutter.lines(in: Array(bytes[start..<min(start + portion, bytes.count)]))
      }
      lines += [cutter.lastLine()].compactMap { $0 }
      #expect(lines.map(\.string) == ["one", "", "two\rthree", "four"])
      #expect(lines.map(\.number) == [1, 2, 3, 4])
    }
  }

  @Test("A line that is too long is told, and the next one is read")
  func longLines() {
    for portion in [1, 3, 100] {
      let bytes = Array("abcde\nabcd\nabcdefghij\n\nabcde".utf8)
      var cutter = LineCutter(byteLimit: 4)
      var lines: [LineCutter.Line] = []
      for start in stride(from: 0, to: bytes.count, by: portion) {
        lines += cutter.lines(in: Array(bytes[start..<min(start + portion, bytes.count)]))
      }
      lines += [cutter.lastLine()].compactMap { $0 }
      #expect(lines.map(\.isTooLong) == [true, false, true, false, true])
      #expect(lines[1].string == "abcd")
    }
  }
}
