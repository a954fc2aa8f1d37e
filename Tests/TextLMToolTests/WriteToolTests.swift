import Foundation
import Testing

#if os(Linux)
  @Suite("write")
  struct WriteToolTests {
    /// A person's session: what is done waits until the screen shows something new.
    private struct Session {
      let terminal: PseudoTerminal
      let process: ToolProcess
      private var seenCount = 0

      init(
        _ arguments: [String], in folder: ToolFolder, environment: [String: String] = [:]
      ) async throws {
        terminal = try PseudoTerminal(columns: 80)
        process = try ToolProcess(
          ["write", "-m", try await ToolModel.folder().path("model.textlm"), "-t", "1"] + arguments,
          in: folder.path, environment: environment, terminal: terminal.path)
        try await wait(for: "temperature")
      }

      /// Waits until `text` comes to the screen behind what was waited for before.
      mutating func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
      {
        var found: Range<Int>?
        _ = try await process.waitUntil {
          terminal.read()
          found = terminal.screen[seenCount...].firstRange(of: Array(text.utf8))
          return found != nil
        }
        #expect(found != nil, "\(text)", sourceLocation: sourceLocation)
        seenCount = found?.upperBound ?? seenCount
      }

      func end() async throws -> Int32? {
        _ = try await process.waitUntil {
          terminal.read()
          return process.hasEnded
        }
        terminal.read()
        return try await process.wait().exitCode
      }
    }

    @Test("typing, a suggestion, undoing, a sentence of the model, saving under a new name")
    func whole() async throws {
      let folder = try ToolFolder()
      try folder.write("mine", to: "taken.txt")
      var session = try await Session(["--seed", "3", "--temperature", "0"], in: folder)
      #expect(!session.terminal.isCooked)
      try session.terminal.type("The harb")
      try await session.wait(for: "8 characters")
      try session.terminal.type("\u{14}")
      try await session.wait(for: "The harb\u{1B}[K")
      try session.terminal.type("\tX")
      try await session.wait(for: "X\u{1B}[K")
      try session.terminal.type("\u{1A}\u{1A}")
      try await session.wait(for: "8 characters")
      try session.terminal.type("\u{E}")
      try await session.wait(for: "the model wrote")
      try session.terminal.type("\u{13}")
      try await session.wait(for: "Save as: ")
      try session.terminal.type("taken.txt\r")
      try await session.wait(for: "there already")
      try session.terminal.type("\u{13}new.txt\r")
      try await session.wait(for: "saved new.txt")
      try session.terminal.type("\u{11}")
      #expect(try await session.end() == 0)
      #expect(session.terminal.isCooked)
      #expect(session.terminal.text.hasSuffix("\u{1B}[0m\u{1B}[?2004l\u{1B}[?1049l"))
      let saved = try String(contentsOfFile: folder.path("new.txt"), encoding: .utf8)
      #expect(saved.hasPrefix("The harb") && saved.count > 8)
      #expect(try String(contentsOfFile: folder.path("taken.txt"), encoding: .utf8) == "mine")
    }

    @Test("a file is read and saved; its text has colours, unless NO_COLOR is set")
    func file() async throws {
      for environment: [String: String] in [[:], ["NO_COLOR": "1"]] {
        let folder = try ToolFolder()
        try folder.write("the sea\n", to: "a.txt")
        var session = try await Session(["a.txt"], in: folder, environment: environment)
        try session.terminal.type("x")
        try await session.wait(for: "9 characters")
        #expect(session.terminal.text.contains("\u{1B}[38;5;") == environment.isEmpty)
        try session.terminal.resize(columns: 40, rows: 12)
        try await session.wait(for: "x\u{1B}[")
        try session.terminal.type("\u{11}")
        try await session.wait(for: "The text is not saved.")
        try session.terminal.type("s")
        #expect(try await session.end() == 0)
        #expect(try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8) == "the sea\nx")
      }
    }

    @Test(
      "Ctrl-C and signals end it, and the terminal is as it was", arguments: [0, SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
      let folder = try ToolFolder()
      let session = try await Session([], in: folder)
      #expect(!session.terminal.isCooked)
      if signal == 0 {
        try session.terminal.type("abc\u{3}")
      } else {
        session.process.send(signal)
      }
      #expect(try await session.end() == 128 + (signal == 0 ? SIGINT : signal))
      #expect(session.terminal.isCooked)
      #expect(session.terminal.text.contains("\u{1B}[?1049l"))
      // What was written is not lost.
      let unsaved = signal == 0 ? "abc" : nil
      #expect((try? folder.text("text.unsaved")) == unsaved)
    }

    @Test("a long text is shown before it is read, and what others wrote in its file stays")
    func longAndChanged() async throws {
      let folder = try ToolFolder()
      try folder.write(try ToolCorpora.harbour(characters: 30_000), to: "a.txt")
      var session = try await Session(["a.txt"], in: folder)
      try await session.wait(for: "reading: ")
      try session.terminal.type("é!")
      try await session.wait(for: "bits each")
      try folder.write("theirs", to: "a.txt")
      try session.terminal.type("\u{13}")
      try await session.wait(for: "saved as a.txt.mine: another program changed a.txt")
      try session.terminal.type("\u{11}")
      #expect(try await session.end() == 0)
      #expect(try folder.text("a.txt") == "theirs")
      #expect(try folder.text("a.txt.mine").hasSuffix("é!"))
    }

    @Test("what cannot be is refused")
    func refused() async throws {
      let model = try await ToolModel.folder().path("model.textlm")
      let folder = try ToolFolder()
      let pipe = try await folder.run(["write", "-m", model])
      #expect(pipe.exitCode == 64)
      #expect(pipe.errors.contains("write needs a terminal, and standard input is none"))
      let hot = try await folder.run(["write", "-m", model, "--temperature", "4"])
      #expect(hot.exitCode == 64)
      #expect(hot.errors.contains("--temperature is 4.0, but must be from 0 to 3"))
    }
  }
#endif
