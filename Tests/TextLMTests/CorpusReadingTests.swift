import Foundation
import TextLM
import Testing

@Suite("Corpus: files, folders and what they are compressed and encoded with")
struct CorpusReadingTests {
  // gzip.compress(b"one\ntwo\n", mtime=0)
  private static let first: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0xCF, 0x4B, 0xE5, 0x2A, 0x29,
    0xCF, 0xE7, 0x02, 0x00, 0xE6, 0x0B, 0xBA, 0x12, 0x08, 0x00, 0x00, 0x00,
  ]
  // gzip.compress("dré\n".encode(), mtime=0)
  private static let second: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0x29, 0x3A, 0xBC, 0x92, 0x0B,
    0x00, 0x20, 0x88, 0x5F, 0x67, 0x05, 0x00, 0x00, 0x00,
  ]

  private func file(_ bytes: [UInt8], _ rules: ReadingRules = ReadingRules()) throws -> CorpusFile {
    try CorpusFile(bytes: bytes, name: "x", source: "x", rules)
  }

  @Test("gzip: one member, several, and zeros behind them")
  func gzip() throws {
    #expect(try file(Self.first).text.string == "one\ntwo\n")
    let both = try file(Self.first + Self.second + [0, 0, 0])
    #expect(try both.text.string == "one\ntwo\ndré\n")
    // The file is identified as it is, and measured by its content.
    #expect(both.byteCount == 56 && both.characterCount == 12)
  }

  @Test("gzip: every cut and every damage is noticed, and none crashes")
  func damagedGzip() {
    for count in 2..<Self.first.count {
      #expect(throws: StorageError.self) { try file(Array(Self.first[..<count])) }
    }
    for index in Self.first.indices {
      var bytes = Self.first
      bytes[index] ^= 0x10
      // Some bytes of the header mean nothing.
      let text = try? file(bytes).text.string
      #expect(text == nil || text == "one\ntwo\n" || index < 10)
    }
    #expect(throws: StorageError.self) { try file(Self.first + Array("rest".utf8)) }
  }

  @Test("A folder is its files, sorted by the bytes of their paths")
  func folders() throws {
    let folder = try StorageTestFolder()
    let manager = FileManager.default
    for name in ["b", "b/inner", ".hidden"] {
      try manager.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    for name in ["b.txt", "b/inner/z", "b/A", "Z", "é", ".dot", ".hidden/x"] {
      try folder.write(name, to: name)
    }
    try manager.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "Z")
    try manager.createSymbolicLink(atPath: folder.path("loop"), withDestinationPath: "b")
    try manager.createSymbolicLink(atPath: folder.path("lost"), withDestinationPath: "nowhere")
    mkfifo(folder.path("pipe"), 0o600)
    let top = folder.path.split(separator: "/").last.map(String.init) ?? ""
    let files = try CorpusFile.files(at: folder.path)
    #expect(
      files.map(\.name)
        == ["Z", "b.txt", "b/A", "b/inner/z", "link", "é"].map { top + "/" + $0 })
    #expect(try files.map { try $0.text.string } == ["Z", "b.txt", "b/A", "b/inner/z", "Z", "é"])
    try manager.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
    #expect(throws: StorageError.noFiles(path: folder.path("empty"))) {
      try CorpusFile.files(at: folder.path("empty"))
    }
    #expect(throws: StorageError.missing(path: folder.path("none"))) {
      try CorpusFile.files(at: folder.path("none"))
    }
  }

  @Test("A file that changes between two readings is noticed")
  func changedFile() throws {
    let folder = try StorageTestFolder()
    try folder.write("before", to: "text")
    let file = try CorpusFile(contentsOf: folder.path("text"))
    #expect(try file.text.string == "before")
    try folder.write("behind", to: "text")
    #expect(throws: StorageError.changed(path: folder.path("text"))) { try file.text }
  }

  @Test("auto guesses where a text is not UTF-8, and says so")
  func automatic() throws {
    let line = "Il était une fois une fée très âgée à qui la forêt était entièrement dévolue ; "
    let latin = line.unicodeScalars.map { UInt8($0.value) }
    let bytes = [[UInt8]](repeating: latin, count: 3000).flatMap { $0 }
    #expect(throws: TextError.self) { try file(bytes) }
    let guessed = try file(bytes, ReadingRules(encoding: .automatic))
    #expect(try guessed.text.string == String(repeating: line, count: 3000))
    #expect(guessed.notices.count == 1 && guessed.notices[0].contains("windows-1252"))
    let plain = try file(Array(line.utf8), ReadingRules(encoding: .automatic))
    #expect(try plain.text.string == line)
    #expect(plain.notices.isEmpty)
  }

  @Test("UTF-8 with a wrong byte stays UTF-8 under auto")
  func damagedUTF8() throws {
    let line = "Was wäre, wenn Bären größer wären als Häuser, führen wir dann übers Moor? "
    let text = Array(String(repeating: line, count: 500).utf8)
    let bytes = text + [0xFF] + text
    var rules = ReadingRules(encoding: .automatic)
    #expect(
      throws: TextError.invalidBytes(
        source: "x", encoding: "UTF-8", byteOffset: text.count, line: 1)
    ) { try file(bytes, rules) }
    rules.invalidBytes = .replace
    let replaced = try file(bytes, rules)
    #expect(replaced.characterCount == 1000 * line.unicodeScalars.count + 1)
    #expect(replaced.notices.contains { $0.contains("1 pieces") })
  }

  @Test("Documents of a file")
  func documents() throws {
    let lines = try file(Array("a\nbc\n\nd".utf8), ReadingRules(documents: .line))
    #expect(try lines.documents.map(\.string) == ["a", "bc", "d"])
    #expect(lines.documentCount == 3 && lines.characterCount == 4)
    #expect(try lines.text.string == "abcd")
  }
}
