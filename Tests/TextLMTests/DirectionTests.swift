import TextLM
import TextLMTestSupport
import Testing

@Suite("Models that read backward")
struct DirectionTests {
  private func settings(_ direction: ReadingDirection, split: CorpusSplit) throws -> RunSettings {
    let base = try SmallRuns.settings(
      size: 12, rate: 0, steps: 40, learningRate: 0.03, split: split)
    let model = ModelConfiguration(
      architecture: base.model.architecture, embeddingSize: base.model.embeddingSize,
      direction: direction)
    return RunSettings(
      model: model, data: base.data, trainer: base.trainer, plan: base.plan,
      evaluationInterval: 20)
  }

  private func file(_ text: String, reversed: Bool) throws -> CorpusFile {
    try SmallTexts.file(reversed ? String(text.reversed()) : text)
  }

  private func train(
    _ direction: ReadingDirection, reversed: Bool, in path: String
  ) throws -> TextModel {
    let validation = try file(SmallTexts.prose(500, seed: 2), reversed: reversed)
    try SmallRuns.train(
      settings(direction, split: .files([validation])), in: path,
      corpus: [try file(SmallTexts.prose(2000), reversed: reversed)])
    return try TextModel(contentsOf: path)
  }

  @Test("Reading backward is reading what is written backward, bit by bit")
  func law() throws {
    let folder = try StorageTestFolder()
    let backward = try train(.backward, reversed: false, in: folder.path("a"))
    let forward = try train(.forward, reversed: true, in: folder.path("b"))
    #expect(backward.configuration.direction == .backward)
    #expect(forward.configuration.direction == .forward)
    for (left, right) in zip(backward.languageModel.parameters, forward.languageModel.parameters) {
      #expect(left.value.array == right.value.array, "\(left.path)")
    }
    func validation(_ model: TextModel) throws -> Double {
      try JSONField(model.card, path: "card").field("validation").double("nats_per_token")
    }
    #expect(try validation(backward) == validation(forward))

    let text = "the sea was calm\nand grey"
    let turned = String(text.reversed())
    for includesEnd in [false, true] {
      let own = try backward.score([UTF8Text(text)], includesEnds: includesEnd)[0]
      let other = try forward.score([UTF8Text(turned)], includesEnds: includesEnd)[0]
      #expect(own == other)
      let tokens = backward.scoreTokens(UTF8Text(text), includesEnd: includesEnd)
      let mirrored = forward.scoreTokens(UTF8Text(turned), includesEnd: includesEnd)
      let count = text.count
      #expect(tokens[..<count].map(\.nats) == mirrored[..<count].map(\.nats).reversed())
      #expect(tokens[count...].map(\.nats) == mirrored[count...].map(\.nats))
      #expect(tokens[4].range == 4..<5)
      let lines = backward.scoreLines(UTF8Text(text), includesEnd: includesEnd)
      #expect(lines.map(\.text) == ["the sea was calm", "and grey"])
      expectClose(
        lines.reduce(0) { $0 + $1.evaluation.nats }, own.nats, tolerance: 1e-4, "sum of lines")
      expectClose(
        lines[0].evaluation.nats, tokens[..<17].reduce(0) { $0 + $1.nats }, tolerance: 1e-4,
        "first line")
    }
    let before = backward.generate(from: "calm", seed: 4).prefix(20).joined()
    #expect(before == forward.generate(from: "mlac", seed: 4).prefix(20).joined())
  }

  @Test(
    "Every split holds out the same characters from either end", arguments: ["tail", "streams"])
  func splits(name: String) throws {
    let split: CorpusSplit =
      name == "tail" ? .tail(fraction: 0.2) : .streams(fraction: 0.2)
    func data(_ direction: ReadingDirection) throws -> TrainingData {
      try TrainingData(SmallRuns.corpus(), settings(direction, split: split).data)
    }
    let (forward, backward) = (try data(.forward), try data(.backward))
    #expect(forward.validationCounts == backward.validationCounts)
    #expect(forward.validation.targetCount == backward.validation.targetCount)
    #expect(forward.tokensPerEpoch == backward.tokensPerEpoch)
    let (left, right) = (
      forward.streams.window(0..<forward.streams.length),
      backward.streams.window(0..<backward.streams.length)
    )
    let rows = left.input.batchSize
    #expect(rows == right.input.batchSize)
    if name == "streams" {
      // Each row is the same text, from its other end.
      for row in 0..<rows {
        let steps = stride(from: row, to: left.input.tokens.count, by: rows)
        let ahead = steps.map { left.input.tokens[$0] }
        #expect(ahead == steps.map { right.targets[$0] }.reversed())
      }
    } else {
      #expect(left.input.tokens[0] == Vocabulary.boundary)
      #expect(right.input.tokens[0] == Vocabulary.boundary)
      #expect(left.input.tokens.count == right.input.tokens.count)
    }
  }

  @Test("Tokens from the last one on, with and without a gap")
  func store() {
    let store = TokenStore((0..<10).map { TokenID($0) })
    #expect(Array(store.reversedTokens()) == (0..<10).reversed().map { TokenID($0) })
    #expect(
      Array(store.reversedTokens(keepingFirst: true))
        == [0] + (1..<10).reversed().map { TokenID($0) })
    let gapped = store.removing(3..<6)
    #expect(Array(gapped.reversedTokens()) == [9, 8, 7, 6, 2, 1, 0])
    #expect(Array(gapped.reversedTokens(keepingFirst: true)) == [0, 9, 8, 7, 6, 2, 1])
    #expect(Array(store.part(2..<5).reversedTokens()) == [4, 3, 2])
  }

  @Test("A model file says it, and one from before says forward")
  func stored() throws {
    let architecture = try SmallModels.architecture()
    let backward = ModelConfiguration(
      architecture: architecture, embeddingSize: 6, direction: .backward)
    let read = try ModelConfiguration(JSONField(backward.json, path: "config"))
    #expect(read.direction == .backward)
    let forward = ModelConfiguration(architecture: architecture, embeddingSize: 6)
    let text = try forward.json.text()
    #expect(!text.contains("direction"))
    #expect(try ModelConfiguration(JSONField(forward.json, path: "config")).direction == .forward)
    let other = try JSONValue(parsing: text.dropLast() + #","direction":"up"}"#)
    #expect(throws: JSONFieldError.self) {
      try ModelConfiguration(JSONField(other, path: "config"))
    }
  }
}
