import Testing
import TextLM
import TextLMTensors

@Suite("inspect")
struct InspectTests {
  @Test("shows the tree of parameters, whose counts add up, and the training card")
  func screen() async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run("inspect")
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let model = try TextModel(contentsOf: folder.path("model.textlm"))
    let v = model.tokenizer.vocabulary.count
    // E = H = 24: embedding, four gates with two biases, head.
    let expected = 24 * v + (4 * 24 * (24 + 24 + 2)) + (24 * v + v)
    let lines = result.lines
    #expect(lines[0].split(separator: " ") == ["model", "\(expected)"])
    for part in [
      "├─ embedding", "├─ rnn", "weight_ih_l0 [96, 24]", "weight_hh_l0 [96, 24]",
      "bias_ih_l0 [96]", "bias_hh_l0 [96]", "└─ head", "weight [\(v), 24]",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
    let rows = lines.dropFirst(lines.firstIndex { $0.hasPrefix("vocabulary") } ?? 0)
    #expect(rows.contains { $0.hasPrefix("corpus[0].name ") && $0.hasSuffix(" corpus.txt") })
    #expect(rows.contains { $0.hasPrefix("validation.nats_per_token ") })
    #expect(rows.contains { $0.hasPrefix("steps ") })
    // One column of values.
    let columns = Set(rows.map { $0.count - $0.drop { $0 != " " }.drop { $0 == " " }.count })
    #expect(columns.count == 1, "\(columns)")
  }

  @Test("JSON has the same, and -v the vocabulary; the model may be an argument or -m")
  func json() async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run("inspect", "model.textlm", "--format", "json")
    let object = try #require(try jsonLines(result.output).first)
    #expect(
      try object.keys == [
        "config", "parameters", "vocabulary", "checksum", "tensors", "training",
      ])
    #expect(try object.field("tensors").elements().count == 7)
    let other = try await folder.run(
      "inspect", "-m", "model.textlm/model.safetensors", "--format", "json", "-v")
    let verbose = try #require(try jsonLines(other.output).first)
    let units = try verbose.field("units").elements()
    let counts = try units.map { try $0.int("count") }
    // By frequency; all of the training part, nine tenths of 30,000 characters.
    #expect(counts == counts.sorted(by: >))
    #expect(counts.reduce(0, +) == 27_000)
    let text = try await folder.run("inspect", "-v")
    #expect(text.output.contains("\n\u{240A}  "))
  }
}
