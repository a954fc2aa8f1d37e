import TextLM
import TextLMTestSupport
import Testing

@Suite("Architectures")
struct ArchitectureTests {
  private func kind(_ name: String) throws -> any CausalArchitecture.Type {
    try ArchitectureRegistry.builtIn.architecture(named: name)
  }

  @Test("The encoder keeps its laws", arguments: SmallModel.all)
  func encoderLaws(model: SmallModel) throws {
    // Memories that give slots out by their usage jump where two are used alike, which greater
    // differences than these would step over.
    let steps: [String: Float] = ["dnc": 1 / 256, "mann": 1 / 64]
    let differenceStep = steps[model.name] ?? 1 / 32
    func check<Kind: CausalArchitecture>(_ architecture: Kind) throws {
      try checkCausalEncoderLaws(differenceStep: differenceStep) { scope in
        let encoder = try architecture.makeEncoder(inputSize: 3, in: scope)
        #expect(encoder.inputSize == 3)
        #expect(encoder.outputSize == architecture.outputSize)
        return encoder
      }
    }
    try check(model.architecture)
  }

  @Test("Parameters are counted without building", arguments: SmallModel.all)
  func parameterCount(model: SmallModel) throws {
    let architecture = try model.architecture
    let scope = ParameterScope(RandomParameters(seed: 1))
    _ = try architecture.makeEncoder(inputSize: 4, in: scope)
    let built = scope.parameters.reduce(0) { $0 + $1.shape.count }
    #expect(architecture.parameterCount(inputSize: 4) == built)
    #expect(architecture.activationCount(inputSize: 4) > 0)
  }

  /// PyTorch 2.13: `sum(p.numel() for p in torch.nn.LSTM(128, 128, 2).parameters())` and so on;
  /// embedding and output come on top.
  @Test(
    arguments: [(2, 128, 264_192), (2, 256, 1_052_672), (3, 512, 6_303_744), (1, 1024, 8_396_800)])
  func lstmParameterCounts(layers: Int, size: Int, expected: Int) throws {
    let values = try Hyperparameters(
      written: [("layers", "\(layers)"), ("hidden_size", "\(size)")],
      known: LSTMArchitecture.hyperparameters, architecture: "lstm")
    #expect(LSTMArchitecture(values).parameterCount(inputSize: size) == expected)
  }

  @Test("Names and standards make sense")
  func registry() throws {
    #expect(Set(SmallModels.names).count == SmallModels.names.count)
    for kind in ArchitectureRegistry.builtIn.all {
      let names = kind.hyperparameters.map(\.name)
      #expect(Set(names).count == names.count, "\(kind.name)")
      // The standards are written out and read back, which checks them against their ranges.
      let standard = try Hyperparameters(
        written: kind.hyperparameters.map { ($0.name, $0.standardText) },
        known: kind.hyperparameters, architecture: kind.name)
      let none = try Hyperparameters(
        written: [], known: kind.hyperparameters, architecture: kind.name)
      #expect(standard == none, "\(kind.name)")
      #expect(kind.hyperparameters.contains { $0.name == kind.widthName }, "\(kind.name)")
      _ = try kind.init(written: [])
      let json = JSONField(none.json(kind.hyperparameters), path: "hyperparameters")
      let stored = try Hyperparameters(
        stored: json, known: kind.hyperparameters, architecture: kind.name)
      #expect(stored == none, "\(kind.name)")
    }
  }

  @Test("Sizes to choose from are valid and grow", arguments: SmallModels.names)
  func automaticSizes(name: String) throws {
    let kind = try kind(name)
    #expect(!kind.automaticSizes.isEmpty)
    var last = 0.0
    for size in kind.automaticSizes {
      let architecture = try kind.init(written: size.hyperparameters)
      #expect(size.work > last && size.weightCount > 0 && size.fewestEpochs > 0)
      #expect(ModelConfiguration.embeddingSizes.contains(architecture.standardEmbeddingSize))
      expectClose(size.learningRate, 3e-3, tolerance: 2.99e-3, "\(name)")
      last = size.work
    }
  }

  @Test func unknownNames() throws {
    let unknown = #expect(throws: ArchitectureError.self) { try kind("gpt") }
    let lines = try #require(unknown).description.split(separator: "\n").map(String.init)
    #expect(lines[0] == "no architecture is called gpt; known, each with what it has by default:")
    let names = lines.dropFirst().map { String($0.prefix { $0 != "(" }) }
    #expect(names == SmallModels.names.map { "  \($0) " })
    #expect(lines.contains("  qrnn (layers 3, hidden_size 256, dropout 0.0)"))
    // Equal as Swift strings when normalized, but not the same bytes.
    #expect(throws: ArchitectureError.self) { try kind("lstm\u{301}") }
    let known = LSTMArchitecture.hyperparameters
    let error = #expect(throws: ArchitectureError.self) {
      try Hyperparameters(written: [("size", "3")], known: known, architecture: "lstm")
    }
    for name in known.map(\.name) {
      #expect(error?.description.contains(name) == true, "the message does not list \(name)")
    }
  }

  @Test(
    "Written values out of range",
    arguments: [
      ("layers", "0"), ("layers", "-1"), ("layers", "65"), ("layers", "2.0"), ("layers", "two"),
      ("layers", ""), ("layers", "9223372036854775808"), ("layers", "nan"),
      ("hidden_size", "16385"), ("dropout", "1"), ("dropout", "-0.1"), ("dropout", "nan"),
      ("dropout", "inf"), ("dropout", "x"),
    ])
  func writtenValues(name: String, value: String) throws {
    let known = LSTMArchitecture.hyperparameters
    let hyperparameter = try #require(known.first { $0.name == name })
    #expect(
      throws: ArchitectureError.hyperparameterValue(
        architecture: "lstm", hyperparameter: hyperparameter, value: value)
    ) {
      try Hyperparameters(written: [(name, value)], known: known, architecture: "lstm")
    }
  }
}
