import TextLM
import Testing

@Suite("Writing together: the desk")
struct WritingDeskTests {
  private static let characters = [
    WritingSuggestion(text: "a", probability: 0.5), WritingSuggestion(text: "b", probability: 0.25),
  ]
  private static let words = [
    WritingSuggestion(text: "abc ", probability: 0.125),
    WritingSuggestion(text: "bell", probability: 0.0625),
  ]

  private func desk(_ text: String = "", path: String? = nil) -> WritingDesk {
    var desk = WritingDesk(text: text, path: path)
    propose(&desk)
    return desk
  }

  private func propose(_ desk: inout WritingDesk) {
    desk.propose(characters: Self.characters, words: Self.words, surprisals: [])
  }

  private func type(_ text: String, _ desk: inout WritingDesk) {
    for character in text {
      #expect(desk.handle(character == "\n" ? .enter : .text(String(character))) == nil)
    }
  }

  @Test("What is typed is undone word by word, and done again")
  func undo() {
    var desk = desk()
    type("the sea\nis", &desk)
    #expect(desk.text == "the sea\nis" && desk.isChanged)
    var texts: [String] = []
    for _ in 0..<3 {
      _ = desk.handle(.control("z"))
      texts.append(desk.text)
    }
    #expect(texts == ["the sea", "the", ""])
    #expect(!desk.isChanged)
    _ = desk.handle(.control("z"))
    #expect(desk.message == "there is nothing to undo")
    for text in texts.dropLast().reversed() + ["the sea\nis"] {
      _ = desk.handle(.control("y"))
      #expect(desk.text == text)
    }
    _ = desk.handle(.control("y"))
    #expect(desk.message == "there is nothing to redo")
    _ = desk.handle(.control("z"))
    type("!", &desk)
    #expect(desk.text == "the sea!")
    _ = desk.handle(.control("y"))
    #expect(desk.text == "the sea!", "what was taken back is gone once something else came")
  }

  @Test("Backspace takes a whole character and is a step")
  func backspace() {
    var desk = desk("cafe\u{301}")
    _ = desk.handle(.backspace)
    #expect(desk.text == "caf")
    _ = desk.handle(.control("z"))
    #expect(desk.text == "cafe\u{301}")
    var empty = WritingDesk()
    _ = empty.handle(.backspace)
    _ = empty.handle(.control("z"))
    #expect(empty.text.isEmpty)
  }

  @Test("Tab takes the likeliest word, the arrows choose, and Alt takes by number")
  func suggestions() {
    var desk = desk()
    _ = desk.handle(.tab)
    #expect(desk.text == "abc ")
    _ = desk.handle(.tab)
    #expect(desk.text == "abc ", "nothing is known of the new text")
    #expect(desk.message == "there are no suggestions")
    propose(&desk)
    _ = desk.handle(.left)
    _ = desk.handle(.tab)
    #expect(desk.text == "abc b")
    propose(&desk)
    for _ in 0..<9 { _ = desk.handle(.right) }
    _ = desk.handle(.tab)
    #expect(desk.text == "abc bbell")
    propose(&desk)
    _ = desk.handle(.alternate(1))
    #expect(desk.text == "abc bbella")
    propose(&desk)
    _ = desk.handle(.alternate(5))
    #expect(desk.text == "abc bbella" && desk.message == "there is no such suggestion")
    _ = desk.handle(.control("z"))
    #expect(desk.text == "abc bbell", "each is a step")
  }

  @Test("The temperature moves by tenths, from 0 to 3")
  func temperature() {
    var desk = WritingDesk(temperature: 0.8)
    _ = desk.handle(.up)
    #expect(desk.temperature == 0.9)
    for _ in 0..<50 { _ = desk.handle(.up) }
    #expect(desk.temperature == 3)
    for _ in 0..<50 { _ = desk.handle(.down) }
    #expect(desk.temperature == 0)
  }

  @Test("What the model writes is one step, and nothing is none")
  func continuation() {
    var desk = desk("The sea")
    #expect(desk.handle(.control("n")) == .continueSentence)
    desk.append(" was")
    desk.append(" calm.")
    desk.endContinuation()
    #expect(desk.text == "The sea was calm.")
    #expect(desk.message == "the model wrote 10 characters")
    #expect(desk.handle(.control("n")) == .continueSentence)
    desk.endContinuation()
    #expect(desk.message == "the model ends the text here")
    _ = desk.handle(.control("z"))
    #expect(desk.text == "The sea")
  }

  @Test("Saving asks for a name once, which may not be another file's")
  func saving() {
    var desk = desk("a")
    type("b", &desk)
    #expect(desk.handle(.control("s")) == nil)
    type("no", &desk)
    _ = desk.handle(.backspace)
    #expect(desk.mode == .naming("n"))
    #expect(desk.handle(.enter) == .save(path: "n", isNew: true))
    desk.failed("it is there")
    #expect(desk.path == nil && desk.isChanged && desk.message == "not saved: it is there")
    _ = desk.handle(.control("s"))
    #expect(desk.handle(.enter) == nil, "an empty name is none")
    _ = desk.handle(.escape)
    #expect(desk.mode == .writing && desk.text == "ab")
    _ = desk.handle(.control("s"))
    type("m", &desk)
    #expect(desk.handle(.enter) == .save(path: "m", isNew: true))
    let ends = desk.saved()
    #expect(!ends && !desk.isChanged && desk.path == "m")
    type("c", &desk)
    #expect(desk.handle(.control("s")) == .save(path: "m", isNew: false))
    desk.failed("the disk is full")
    #expect(desk.path == "m", "a name that was good stays")
  }

  @Test("While the model reads, it proposes and writes nothing, and typing goes on")
  func reading() {
    var desk = WritingDesk(text: "long")
    desk.hasRead(1, of: 3)
    #expect(desk.readPercent == 33)
    let screen = WritingScreen(desk, columns: 80, rows: 24)
    #expect(screen.lines.contains { $0.contains("4 characters, reading: 33 %") })
    for key in [TerminalKey.tab, .alternate(1), .control("n")] {
      #expect(desk.handle(key) == nil)
      #expect(desk.text == "long" && desk.message == "the model is still reading the text")
    }
    type("!", &desk)
    #expect(desk.text == "long!")
    propose(&desk)
    #expect(desk.readPercent == nil)
    #expect(desk.handle(.control("n")) == .continueSentence)
  }

  @Test("A text that was saved under another name has that name, and does not end unseen")
  func savedBeside() {
    var desk = desk("a", path: "p")
    type("b", &desk)
    _ = desk.handle(.control("q"))
    #expect(desk.handle(.text("s")) == .save(path: "p", isNew: false))
    desk.saved(beside: "p.mine")
    #expect(desk.path == "p.mine" && !desk.isChanged && desk.mode == .writing)
    #expect(desk.message == "saved as p.mine: another program changed p")
    type("c", &desk)
    #expect(desk.handle(.control("s")) == .save(path: "p.mine", isNew: false))
    let ends = desk.saved()
    #expect(!ends)
  }

  @Test("Ending asks when something would be lost")
  func leaving() {
    var desk = desk("a", path: "p")
    #expect(desk.handle(.control("q")) == .quit)
    type("b", &desk)
    #expect(desk.handle(.control("q")) == nil)
    #expect(desk.handle(.text("x")) == nil)
    #expect(desk.mode == .leaving && desk.text == "ab")
    _ = desk.handle(.escape)
    #expect(desk.mode == .writing)
    _ = desk.handle(.control("q"))
    #expect(desk.handle(.text("s")) == .save(path: "p", isNew: false))
    var saved = desk
    let ends = saved.saved()
    #expect(ends)
    desk.failed("no")
    #expect(desk.mode == .writing)
    _ = desk.handle(.control("q"))
    #expect(desk.handle(.text("y")) == .quit)
    #expect(desk.handle(.control("c")) == .interrupt)
  }

  @Test(
    "Bytes are keys, in whatever pieces they come",
    arguments: [
      ("a", [.text("a")]), ("é水", [.text("é"), .text("水")]),
      ("\r\t\u{7F}", [.enter, .tab, .backspace]),
      ("\u{1B}[A\u{1B}[B\u{1B}OC\u{1B}[D", [.up, .down, .right, .left]),
      ("\u{1B}3x", [.alternate(3), .text("x")]),
      ("\u{1}\u{13}\u{1A}", [.control("a"), .control("s"), .control("z")]),
      ("\u{1B}[3~\u{1B}[1;5Cy", [.text("y")]),
      (
        "\u{1B}[200~a\tb\r\nc\rd\u{1B}[A\u{1B}[201~z",
        [
          .text("a\tb\nc\nd\u{1B}[A"), .text("z"),
        ]
      ),
    ] as [(String, [TerminalKey])])
  func keys(bytes: String, keys: [TerminalKey]) {
    var whole = TerminalKeyReader()
    #expect(whole.keys(Array(bytes.utf8)) == keys)
    var pieces = TerminalKeyReader()
    var found: [TerminalKey] = []
    for byte in bytes.utf8 { found += pieces.keys([byte]) }
    #expect(found == keys)
    #expect(!pieces.isWaiting && pieces.flush() == nil)
  }

  @Test("An escape character alone is a key when nothing comes behind it")
  func escape() {
    var reader = TerminalKeyReader()
    #expect(reader.keys([0x1B]).isEmpty && reader.isWaiting)
    #expect(reader.flush() == .escape)
    #expect(!reader.isWaiting)
    #expect(reader.keys([0xC3]).isEmpty)
    #expect(reader.flush() == nil, "half a character is none")
    #expect(reader.keys([0xFF, 0x61]) == [.text("a")])
  }

  @Test("The bytes of a character may come as late as they like", arguments: ["é", "水", "🌊"])
  func slowCharacter(_ character: String) {
    var reader = TerminalKeyReader()
    var keys: [TerminalKey] = []
    for byte in character.utf8 {
      keys += reader.keys([byte])
      // So long that an escape character would have become a key.
      #expect(!reader.isWaiting && reader.flush() == nil)
    }
    #expect(keys == [.text(character)])
    #expect(reader.keys([0xE6, 0xB0, 0x61]) == [.text("a")], "one that does not go on is none")
  }
}
