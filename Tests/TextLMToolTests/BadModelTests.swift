import Foundation
import Testing
import TextLMTensors

@Suite("a model that cannot be used")
struct BadModelTests {
  private func expectRefusal(
    _ bytes: Data, _ message: String, advice: String
  ) async throws {
    let folder = try ToolFolder()
    try folder.write(bytes, to: "bad")
    for command in [["generate", "-n", "5"], ["score"], ["inspect"]] {
      let result = try await folder.run(command + ["-m", "bad"], input: "text")
      #expect(result.exitCode == 65)
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("textlm: error: bad: "), "\(result.errors)")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.errors.contains(advice), "\(result.errors)")
    }
  }

  private func model() async throws -> Data {
    try Data(contentsOf: URL(filePath: try await ToolModel.file()))
  }

  @Test("cut short, within the header and within the tensors", arguments: [0, 7, 1000, -4000, -1])
  func truncated(length: Int) async throws {
    let whole = try await model()
    let count = length < 0 ? whole.count + length : length
    try await expectRefusal(
      whole.prefix(count), "the file ends at byte \(count) and should have", advice: "copy it again"
    )
  }

  @Test("with one flipped bit, in the header's text or in a tensor", arguments: [600, 5000, -100])
  func flipped(place: Int) async throws {
    var bytes = try await model()
    bytes[place < 0 ? bytes.count + place : place] ^= 1
    let folder = try ToolFolder()
    try folder.write(bytes, to: "bad")
    let result = try await folder.run("generate", "-m", "bad")
    #expect(result.exitCode == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("textlm: error: bad: "))
  }

  @Test("a checksum that differs is shown")
  func checksum() async throws {
    var bytes = try await model()
    bytes[bytes.count - 100] ^= 1
    try await expectRefusal(bytes, "the \"checksum\" is", advice: "use an earlier one")
  }

  @Test("a text")
  func text() async throws {
    try await expectRefusal(
      Data(try ToolCorpora.harbour(characters: 5000).utf8), "the header would have",
      advice: "probably not a safetensors file")
  }

  @Test("another program's safetensors file")
  func foreign() async throws {
    // One float32 tensor, as the format's own library writes it.
    let header = #"{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}     "#
    var bytes = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0])
    bytes += Data(header.utf8) + Data([0, 0, 128, 63])
    try await expectRefusal(bytes, "but not a textlm model", advice: "`textlm train` made")
  }

  @Test("of a newer format")
  func newer() async throws {
    let file = try SafetensorsFile(reading: Array(try await model()), checksums: .required)
    let entries = try file.tensors.map {
      SafetensorsEntry(name: $0.name, shape: $0.shape, floats: try file.floats($0.name))
    }
    let metadata = try ["format", "format_version", "config", "tokenizer", "training"].map {
      ($0, $0 == "format_version" ? "2" : try #require(file.metadata($0)))
    }
    try await expectRefusal(
      try written(SafetensorsWriter(entries, metadata: metadata)),
      "the model has format 2, but this textlm reads formats up to 1", advice: "use a newer textlm")
  }

  private func written(_ writer: SafetensorsWriter) throws -> Data {
    var bytes: [UInt8] = []
    try writer.write(to: &bytes)
    return Data(bytes)
  }

  @Test("missing: 74, with what to do")
  func missing() async throws {
    let folder = try ToolFolder()
    for command in ["generate", "score", "inspect"] {
      let result = try await folder.run(command)
      #expect(result.exitCode == 74)
      #expect(
        result.errors == """
          textlm: error: model.textlm (the default): no such model: make one with `textlm train`, \
          or say where one is with -m\n
          """)
    }
    let empty = try await folder.run("generate", "-m", ".")
    #expect(empty.exitCode == 74)
    #expect(empty.errors.contains("./model.safetensors: no such model"))
  }
}
