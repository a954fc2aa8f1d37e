import Foundation
import TextLM
import Testing

@Suite("embed and nearest")
struct EmbedTests {
  private static let lines = "The boat came in.\n \t\nA boat went out.\r\n\r\n12 of 15, 9\n"

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
        "The boat came in.", " \t", "A boat went out.", "", "12 of 15, 9",
      ])
    #expect(json.errors.contains("2 blank texts have no vector, but null"))
    let npy = try await folder.run(
      "embed", "lines.txt", "-m", model, "--format", "npy", "-o", "vectors.npy", "-t", "1")
    #expect(npy.exitCode == 0 && npy.output.isEmpty, "\(npy.errors)")
    #expect(npy.errors.contains("3 vectors of 24 numbers"))
    #expect(npy.errors.contains("2 blank texts have no vector, but NaN"))
    let bytes = Array(try folder.bytes("vectors.npy"))
    let size: Int = 128 + 5 * 24 * 4
    #expect(bytes.count == size)
    for (index, row) in rows.enumerated() {
      let isBlank = [1, 3].contains(index)
      let vector = try row.field("vector")
      #expect((vector.value == .null) == isBlank)
      let numbers = isBlank ? nil : try vector.elements()
      for place in 0..<24 {
        let start: Int = 128 + 4 * (24 * index + place)
        var bits: UInt32 = 0
        for byte in bytes[start..<start + 4].reversed() { bits = bits << 8 | UInt32(byte) }
        let stored = Double(Float(bitPattern: bits))
        let number = try numbers?[place].double()
        #expect(number.map { $0 == stored } ?? stored.isNaN)
      }
    }
    let refused = try await folder.run("embed", "lines.txt", "-m", model, "--format", "npy")
    #expect(refused.exitCode == 64 && refused.errors.contains("-o"))
    let kept = try await folder.run(
      "embed", "lines.txt", "-m", model, "--format", "npy", "-o", "vectors.npy")
    #expect(kept.exitCode == 64 && kept.errors.contains("is there already"))
    let left = Array(try folder.bytes("vectors.npy"))
    #expect(left == bytes)
    let replaced = try await folder.run(
      "embed", "lines.txt", "-m", model, "-o", "vectors.npy", "--overwrite", "-q")
    #expect(replaced.exitCode == 0 && replaced.errors.isEmpty, "\(replaced.errors)")
    #expect(try folder.text("vectors.npy") == json.output)
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
    #expect(try rows.map { try $0.int("index") }.sorted() == [0, 2, 4])
    #expect(try rows.first?.int("index") == 4)
    let cosines = try rows.map { try $0.double("cosine") }
    #expect(cosines == cosines.sorted(by: >))
    for command in [["nearest", "a", "-"], ["embed", "-"]] {
      let empty = try await folder.run(command + ["-m", model], input: "\n \n")
      #expect(empty.exitCode == 65 && empty.output.isEmpty)
    }
  }
}
