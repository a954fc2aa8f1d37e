import Foundation
import TextLM
import Testing

@Suite("embed and nearest")
struct EmbedTests {
  private static let lines = "The boat came in.\n\nA boat went out.\r\n12 of 15, 9\n"

  @Test("a vector for each line, as JSON and as NumPy's float32, the same numbers")
  func forms() async throws {
    let folder = try ToolFolder()
    try folder.write(Self.lines, to: "lines.txt")
    let model = try await ToolModel.file()
    let json = try await folder.run("embed", "lines.txt", "-m", model, "-t", "1")
    #expect(json.exitCode == 0, "\(json.errors)")
    let rows = try jsonLines(json.output)
    #expect(
      try rows.map { try $0.string("text") } == [
        "The boat came in.", "A boat went out.", "12 of 15, 9",
      ])
    let npy = try await folder.run(
      "embed", "lines.txt", "-m", model, "--format", "npy", "-o", "vectors.npy", "-t", "1")
    #expect(npy.exitCode == 0 && npy.output.isEmpty, "\(npy.errors)")
    #expect(npy.errors.contains("3 vectors of 24 numbers"))
    let bytes = Array(try folder.bytes("vectors.npy"))
    let size: Int = 128 + 3 * 24 * 4
    #expect(bytes.count == size)
    for (index, row) in rows.enumerated() {
      for (place, number) in try row.field("vector").elements().enumerated() {
        let start: Int = 128 + 4 * (24 * index + place)
        var bits: UInt32 = 0
        for byte in bytes[start..<start + 4].reversed() { bits = bits << 8 | UInt32(byte) }
        let stored = Double(Float(bitPattern: bits))
        #expect(try number.double() == stored)
      }
    }
    let refused = try await folder.run("embed", "lines.txt", "-m", model, "--format", "npy")
    #expect(refused.exitCode == 64 && refused.errors.contains("-o"))
    let last = try await folder.run(
      ["embed", "--pooling", "last", "-m", model, "-q"], input: Self.lines)
    #expect(last.exitCode == 0 && last.output != json.output)
  }

  @Test("a line is nearest to itself")
  func nearest() async throws {
    let folder = try ToolFolder()
    try folder.write(Self.lines, to: "lines.txt")
    let model = try await ToolModel.file()
    let found = try await folder.run(
      "nearest", "A boat went out.", "lines.txt", "-m", model, "--top", "2")
    #expect(found.exitCode == 0, "\(found.errors)")
    #expect(found.lines.count == 2 && found.lines.first == "1.0000  A boat went out.")
    let json = try await folder.run(
      ["nearest", "12 of 15, 9", "-", "-m", model, "--format", "json"], input: Self.lines)
    let rows = try jsonLines(json.output)
    #expect(try rows.map { try $0.int("index") }.sorted() == [0, 1, 2])
    #expect(try rows.first?.int("index") == 2)
    let cosines = try rows.map { try $0.double("cosine") }
    #expect(cosines == cosines.sorted(by: >))
    let empty = try await folder.run(["nearest", "a", "-", "-m", model], input: "\n\n")
    #expect(empty.exitCode == 65)
  }
}
