import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("compress and decompress")
struct CompressionToolTests {
  private let folder: ToolFolder
  private let model: String

  init() async throws {
    folder = try ToolFolder()
    model = try await ToolModel.folder().path("model.textlm")
    let text = try ToolCorpora.harbour(characters: 34_000)
    try folder.write(String(text.prefix(4000)), to: "text.txt")
  }

  private func run(_ arguments: String...) async throws -> ToolResult {
    try await folder.run(arguments + ["-t", "1"], environment: ["TEXTLM_MODEL": model])
  }

  @Test("A text becomes as small as its score says, and comes back")
  func roundTrip() async throws {
    let result = try await run("compress", "text.txt", "-m", model, "--format", "json")
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    #expect(
      try row.keys == [
        "file", "original_bytes", "compressed_bytes", "content_bytes", "characters", "ratio",
        "bits_per_byte", "bits_per_character", "model_bits", "model_bits_per_byte",
        "model_bits_per_character", "stored", "unknown_characters", "raw_bytes", "stretches",
        "bytes_per_second",
      ])
    #expect(try row.string("file") == "text.txt.tlmz")
    let original = try folder.bytes("text.txt")
    #expect(try row.int("original_bytes") == original.count)
    #expect(try row.int("compressed_bytes") == folder.bytes("text.txt.tlmz").count)
    let score = try await run("score", "text.txt", "-m", model, "--exact", "--format", "json", "-q")
    let promised = try #require(try jsonLines(score.output).first).double("bits_per_byte")
    #expect(abs(try row.double("model_bits_per_byte") / promised - 1) < 0.001)
    let content = Double(try row.int("content_bytes") * 8)
    #expect(content < promised * Double(original.count) * 1.001 + 8)

    let back = try await run("decompress", "text.txt.tlmz", "-m", model, "-o", "back.txt")
    #expect(back.exitCode == 0, "\(back.errors)")
    #expect(try folder.bytes("back.txt") == original)
  }

  @Test("The screen has both sizes, and empty and binary files come back")
  func screens() async throws {
    try folder.write(Data(), to: "empty")
    try folder.write(Data((0..<700).map { UInt8($0 * 37 % 251) } + [0xFF, 0]), to: "binary")
    for name in ["empty", "binary"] {
      let result = try await run("compress", name)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.output.contains("original bytes      "))
      #expect(result.errors.contains("stored as it is"))
      let original = try folder.bytes(name)
      let back = try await run("decompress", name + ".tlmz", "--overwrite", "-q")
      #expect(back.exitCode == 0, "\(back.errors)")
      #expect(back.output.isEmpty && back.errors.isEmpty)
      #expect(try folder.bytes(name) == original)
    }
    let result = try await run("compress", "text.txt", "--stretches", "4", "-o", "four.tlmz")
    let labels = result.lines.map { String($0.prefix(20)).trimmingCharacters(in: .whitespaces) }
    #expect(
      labels == [
        "file", "original bytes", "compressed bytes", "of them content", "ratio", "bits per byte",
        "of the model", "bits per character", "of the model", "unknown characters", "raw bytes",
        "stretches", "bytes per second",
      ])
    #expect(result.lines.contains { $0.hasPrefix("stretches           4") })
  }

  @Test("Standard input is compressed to where -o says")
  func standardInput() async throws {
    let result = try await folder.run(
      "compress", "-", "-m", model, "-o", "in.tlmz", "-q", input: "the sea was calm")
    #expect(result.exitCode == 0, "\(result.errors)")
    let back = try await run("decompress", "in.tlmz", "-q")
    #expect(back.exitCode == 0, "\(back.errors)")
    #expect(try folder.text("in") == "the sea was calm")
    let homeless = try await folder.run("compress", "-", "-m", model, input: "a")
    #expect(homeless.exitCode == 64)
  }

  @Test("- is standard input and standard output, for whatever bytes")
  func streams() async throws {
    let compressed = try await folder.run(
      ["compress", "text.txt", "-o", "-", "-m", model, "-t", "1"],
      wrapper: ["sh", "-c", "\"$@\" > piped.tlmz", "sh"])
    #expect(compressed.exitCode == 0, "\(compressed.errors)")
    #expect(compressed.errors.contains("file                standard output"))
    #expect(try await run("compress", "text.txt", "-m", model, "-q").exitCode == 0)
    #expect(try folder.bytes("piped.tlmz") == folder.bytes("text.txt.tlmz"))
    let back = try await folder.run(
      ["decompress", "-", "-o", "-", "-m", model, "-t", "1"],
      wrapper: ["sh", "-c", "\"$@\" < piped.tlmz > back.txt", "sh"])
    #expect(back.exitCode == 0 && back.errors.isEmpty, "\(back.errors)")
    #expect(try folder.bytes("back.txt") == folder.bytes("text.txt"))
    let damaged = try await folder.run(
      ["decompress", "-", "-o", "-", "-m", model], input: "no such file")
    #expect(damaged.exitCode == 65 && damaged.output.isEmpty)
    #expect(damaged.errors.contains("standard input: "), "\(damaged.errors)")
    #expect(!folder.contains("-"))
  }

  @Test("What is damaged or another model's is refused, and nothing is written")
  func refused() async throws {
    #expect(try await run("compress", "text.txt", "-q").exitCode == 0)
    var bytes = try folder.bytes("text.txt.tlmz")
    bytes[bytes.count / 2] ^= 4
    try folder.write(bytes, to: "changed.tlmz")
    try folder.write(bytes.prefix(300), to: "cut.tlmz")
    try folder.write("the sea was calm", to: "foreign.tlmz")
    let other = try await folder.run(
      ["train", "text.txt", "-o", "other.textlm", "--max-steps", "2"] + ToolModel.small)
    #expect(other.exitCode == 0, "\(other.errors)")
    let names = try folder.names()
    for (arguments, code, message) in [
      (["decompress", "changed.tlmz"], 65, "the file is damaged: its checksum differs"),
      (["decompress", "cut.tlmz"], 65, "the file is damaged"),
      (["decompress", "foreign.tlmz"], 65, "no file that `textlm compress` made"),
      (
        ["decompress", "text.txt.tlmz", "-m", "other.textlm", "-o", "new"], 65,
        "was compressed with the model sha256:"
      ),
      (["decompress", "text.txt.tlmz"], 64, "text.txt: is there already"),
      (["compress", "text.txt"], 64, "text.txt.tlmz: is there already"),
      (["compress", "text.txt", "-o", "text.txt", "--overwrite"], 64, "another file than is read"),
      (["decompress", "text.txt"], 64, "does not end with .tlmz"),
      (["compress", "missing.txt"], 74, "missing.txt"),
      (["compress", "text.txt", "--stretches", "65"], 64, "must be from 1 to 64"),
      (["compress", "text.txt", "--stretches", "0"], 64, "must be from 1 to 64"),
    ] as [([String], Int32, String)] {
      let result = try await folder.run(
        arguments + ["-t", "1", "-q"], environment: ["TEXTLM_MODEL": model])
      #expect(result.exitCode == code, "\(arguments)")
      #expect(result.output.isEmpty, "\(arguments)")
      #expect(result.errors.contains(message), "\(arguments): \(result.errors)")
      #expect(try folder.names() == names, "\(arguments)")
    }
    let replaced = try await run("compress", "text.txt", "--overwrite", "-q")
    #expect(replaced.exitCode == 0, "\(replaced.errors)")
  }
}
