import Foundation
import Testing

/// A small model that knows a little English, trained once by the command for all tests.
enum ToolModel {
  /// Arguments of a training that takes a fraction of a second: sizes are given, so that nothing
  /// depends on the speed of the machine.
  static let small = [
    "--layers", "1", "--hidden-size", "24", "--batch-size", "8", "--seq-length", "16",
    "--lr", "0.01", "-t", "1",
  ]

  private static let place = ToolFolder.newPath("model")

  private static let training = Task {
    // It outlives every test, and nothing else would remove it.
    atexit { try? FileManager.default.removeItem(atPath: ToolModel.place) }
    let folder = try ToolFolder(at: place)
    try folder.write(try ToolCorpora.harbour(characters: 30_000), to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--max-steps", "150", "--eval-every", "50"] + small)
    #expect(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  /// The folder with `corpus.txt` and `model.textlm`. Tests only read it.
  static func folder() async throws -> ToolFolder {
    try await training.value
  }

  /// The model's file.
  static func file() async throws -> String {
    try await folder().path("model.textlm/model.safetensors")
  }
}
