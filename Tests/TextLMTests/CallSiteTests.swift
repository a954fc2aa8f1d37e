import Foundation
import Testing

// Nothing but the library's own module, as in a program that uses it.
import TextLM

@Suite("The library as it is called")
struct CallSiteTests {
  /// The example of the documentation, word for word, in a process whose folder has the model.
  @Test func documentedExample() async throws {
    let trained = try TestModel(steps: 10)
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [folder = trained.folder.path as String] in
      #expect(FileManager.default.changeCurrentDirectoryPath(folder))
      try FileManager.default.moveItem(atPath: "run", toPath: "shakespeare.textlm")

      let model = try TextModel(contentsOf: "shakespeare.textlm")
      for piece in model.generate(
        from: "ROMEO:", sampling: [try Temperature(0.8), try TopP(0.95)], seed: 7
      ).prefix(600) { print(piece, terminator: "") }
      print(try model.score("To be, or not to be").bitsPerCharacter)
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    let pieces = trained.model.generate(
      from: "ROMEO:", sampling: [try Temperature(0.8), try TopP(0.95)], seed: 7
    ).prefix(600)
    let bits = try trained.model.score("To be, or not to be").bitsPerCharacter
    #expect(output.contains(pieces.joined() + "\(bits)\n"))
  }
}
