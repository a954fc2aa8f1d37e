import Foundation
import TextLM
import Testing

@Suite("Writing together: the file")
struct WritingFileTests {
  private let folder: StorageTestFolder

  init() throws {
    folder = try StorageTestFolder()
  }

  private var path: String { folder.path("a.txt") }

  @Test("What was read and what was saved is replaced")
  func ours() throws {
    try folder.write("one", to: "a.txt")
    var file = WritingFile(try CorpusFile(contentsOf: path))
    for text in ["two", "three, which is longer", ""] {
      #expect(try file.save(text, to: path) == .saved)
      #expect(try folder.text("a.txt") == text)
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(try file.save("four", to: path) == .saved, "nothing is lost where nothing is")
    #expect(try folder.names == ["a.txt"])
  }

  @Test(
    "What another program wrote meanwhile stays, and the text is saved beside it",
    arguments: ["ONE", "one more line", "", "o"])
  func theirs(_ other: String) throws {
    try folder.write("one", to: "a.txt")
    try folder.write("taken", to: "a.txt.mine")
    var file = WritingFile(try CorpusFile(contentsOf: path))
    try folder.write(other, to: "a.txt")
    let beside = folder.path("a.txt.mine-2")
    #expect(try file.save("mine", to: path) == .savedBeside(path: beside))
    #expect(try folder.text("a.txt") == other)
    #expect(try folder.text("a.txt.mine-2") == "mine")
    #expect(try folder.text("a.txt.mine") == "taken")
    #expect(try file.save("mine too", to: beside) == .saved)
    #expect(try folder.text("a.txt.mine-2") == "mine too")
  }

  @Test("A file that came into being while a new text was written is another program's")
  func new() throws {
    var file = WritingFile(nil)
    try folder.write("theirs", to: "a.txt")
    #expect(try file.save("mine", to: path) == .savedBeside(path: path + ".mine"))
    #expect(try folder.text("a.txt") == "theirs")
    var other = WritingFile(nil)
    #expect(try other.save("new", to: folder.path("b.txt")) == .saved)
  }
}
