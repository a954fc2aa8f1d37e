import TextLM
import TextLMTokenization
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

  @Test("Every architecture has a size that can be built")
  func architectures() throws {
    for kind in ArchitectureRegistry.builtIn.all {
      for gigaflops in [1, 1e4] {
        let plan = Self.plan(kind, gigaflops: gigaflops)
        let architecture = try kind.init(written: plan.hyperparameters)
        #expect(architecture.outputSize > 0, "\(kind.name)")
      }
    }
  }
}
