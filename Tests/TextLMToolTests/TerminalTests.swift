import Foundation
import Testing

#if os(Linux)
  @Suite("on a terminal")
  struct TerminalTests {
    private func show(
      _ arguments: [String], in folder: ToolFolder, columns: Int
    ) async throws -> (text: String, exitCode: Int32?) {
      let terminal = try PseudoTerminal(columns: columns)
      let process = try folder.start(arguments, terminal: terminal.path)
      _ = try await process.waitUntil {
        terminal.read()
        return process.hasEnded
      }
      terminal.read()
      return (terminal.text, try await process.wait().exitCode)
    }

    @Test("training keeps one line up to date that never wraps", arguments: [60, 80, 200])
    func progress(columns: Int) async throws {
      let folder = try ToolFolder()
      try folder.write(try ToolCorpora.harbour(characters: 20_000), to: "corpus.txt")
      let (text, exitCode) = try await show(
        ["train", "corpus.txt", "--budget", "2s", "--eval-every", "30"] + ToolModel.small,
        in: folder, columns: columns)
      #expect(exitCode == 0)
      // Each update returns to the start and erases the line before it.
      let updates = text.split(separator: "\r\u{1B}[K")
      #expect(updates.count > 5)
      let steps = updates.flatMap { $0.split(separator: "\n") }.filter { $0.contains(" train ") }
      for line in steps { #expect(line.count < columns, "\(line)") }
      if columns == 80 {
        let short =
          #/step \d+ ep \d+\.\d+ train \d\.\d+/\d\.\d+ val \d\.\d+/\d\.\d+ nats/bits [\d,]+/s \ds/#
        #expect(steps.contains { $0.wholeMatch(of: short) != nil }, "\(steps)")
      }
      if columns == 200 {
        #expect(steps.contains { $0.contains("chars/s  ") && $0.hasSuffix(" left") })
      }
      // What stays are whole lines.
      #expect(text.contains("(best so far, saved)\n"))
      // The curves are drawn for the person who waited, no wider than the terminal.
      let drawing = try #require(text.range(of: "\nLoss, nats per token\n"))
      let rows = text[drawing.upperBound...].split(separator: "\n").prefix(18)
      for row in rows {
        #expect(row.replacing(/\u{1B}\[[0-9]*m/, with: "").count <= columns, "\(row)")
      }
      #expect(rows.contains { $0.contains("\u{1B}[36m") })
      #expect(text.contains("model.textlm: "))
    }

    @Test("control characters of text and of messages are shown, not obeyed")
    func controls() async throws {
      let folder = try await ToolModel.folder()
      let (text, exitCode) = try await show(
        ["generate", "-q", "-n", "0", "-p", "a\u{1B}[31mb\u{202E}c\u{7}\td\n\u{9B}"], in: folder,
        columns: 80)
      #expect(exitCode == 0)
      #expect(text == "a\u{241B}[31mb⟨RLO⟩c\u{2407}\td\n⟨U+009B⟩\n")
      let missing = try await show(["score", "no\u{1B}file"], in: folder, columns: 80)
      #expect(missing.exitCode == 74)
      #expect(!missing.text.contains("\u{1B}"))
      let unknown = try await show(["score", "--no\u{1B}option"], in: folder, columns: 80)
      #expect(unknown.exitCode == 64)
      #expect(!unknown.text.contains("\u{1B}"))
    }
  }
#endif
