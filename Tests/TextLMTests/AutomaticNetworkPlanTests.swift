import TextLM
import Testing

@Suite("Sizes of networks that classify")
struct AutomaticNetworkPlanTests {
  private static func plan(
    _ kind: any CausalArchitecture.Type = LSTMArchitecture.self, sides: ReadingSides = .forward,
    textCount: Int = 10_000, tokenCount: Int = 1_000_000, gigaflops: Double
  ) -> AutomaticNetworkPlan {
    AutomaticNetworkPlan(
      kind, sides: sides, textCount: textCount, tokenCount: tokenCount, batchSize: 32,
      seconds: 300, gigaflops: gigaflops)
  }

  private static func width(_ plan: AutomaticNetworkPlan) -> String? {
    plan.hyperparameters.first { $0.name == "hidden_size" }?.value
  }

  /// Ten epochs of 900,000 tokens at 6 · 4 H² operations each, in 300 s at half the speed, are
  /// 23.6 GFLOP/s for H = 128 and 53.1 for H = 192.
  @Test("The largest size that reads the texts ten times is taken")
  func size() {
    for (sides, gigaflops, width) in [
      (ReadingSides.forward, 1, "128"), (.forward, 53, "128"), (.forward, 54, "192"),
      (.both, 106, "128"), (.both, 107, "192"),
    ] {
      #expect(Self.width(Self.plan(sides: sides, gigaflops: Double(gigaflops))) == width)
    }
  }

  @Test(
    "Few texts forbid large networks, and take more epochs",
    arguments: [
      (10_000, 12), (6_400, 12), (3_200, 20), (320, 30), (1, 30),
    ])
  func fewTexts(textCount: Int, mostEpochs: Int) {
    let plan = Self.plan(textCount: textCount, tokenCount: 10_000, gigaflops: 1e6)
    #expect(plan.mostEpochs == mostEpochs)
    #expect(Self.width(plan) == "128")
    #expect(plan.explanation.contains("no more than \(mostEpochs) are taken"))
  }

  @Test("Tokens are what the segmenter cuts, and the beginning of each text")
  func tokens() throws {
    func explanation(_ segmenter: any Segmenter) -> String {
      AutomaticNetworkPlan(
        GRUArchitecture.self, sides: .both, texts: ["ab cd", "e"], segmenter: segmenter,
        seconds: 60
      ).explanation
    }
    #expect(explanation(CodePointSegmenter()).contains("2 texts of 8 tokens in 60 s"))
    #expect(try explanation(WordSegmenter(locale: "")).contains("2 texts of 6 tokens in 60 s"))
  }

  @Test("Of a long text an epoch has a window")
  func longTexts() throws {
    let texts = [String(repeating: "a", count: 5_000), "a"]
    let plan = AutomaticNetworkPlan(
      GRUArchitecture.self, sides: .forward, texts: texts, segmenter: CodePointSegmenter(),
      seconds: 60)
    #expect(plan.explanation.contains("2 texts of 1003 tokens"))
    // 1,600 texts of 1,000 tokens are no 50 steps of 32 texts, but 97 of 16,384 tokens.
    let many = Self.plan(textCount: 1_600, tokenCount: 1_600_000, gigaflops: 1)
    #expect(many.mostEpochs == 20)
  }

  @Test("The least speed takes an architecture's first size, and any speed the last")
  func architectures() throws {
    for kind in ArchitectureRegistry.builtIn.all {
      let sizes = kind.automaticSizes
      for (gigaflops, tokenCount, size) in [
        (1e-6, 1_000_000, sizes.first), (1e12, 1 << 40, sizes.last),
      ] {
        let plan = Self.plan(kind, tokenCount: tokenCount, gigaflops: gigaflops)
        let wanted = try #require(size).hyperparameters
        #expect(plan.hyperparameters.map(\.name) == wanted.map(\.name), "\(kind.name)")
        #expect(plan.hyperparameters.map(\.value) == wanted.map(\.value), "\(kind.name)")
      }
    }
  }
}
