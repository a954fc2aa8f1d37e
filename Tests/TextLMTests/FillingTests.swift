import TextLM
import TextLMTestSupport
import Testing

@Suite("Filling gaps and ranking")
struct FillingTests {
  @Test(
    "Gaps are read as they are written",
    arguments: [
      ("a[?]b", ["x"], "axb"), ("[?][??]", ["x", "yz"], "xyz"), ("[a[?]]", ["x"], "[ax]"),
      ("[??", nil, ""), ("[]", nil, ""), ("plain?", nil, ""), ("é[?]", ["e"], "ée"),
    ] as [(String, [String]?, String)])
  func templates(text: String, gaps: [String]?, filled: String) throws {
    guard let gaps else {
      #expect(throws: FillError.noGap(text: text)) { try GapTemplate(text) }
      return
    }
    #expect(try GapTemplate(text).filled(gaps) == filled)
  }

  private func models(_ folder: StorageTestFolder) throws -> (forward: TextModel, back: TextModel) {
    func train(_ direction: ReadingDirection) throws -> TextModel {
      var settings = try SmallRuns.settings(size: 12, rate: 0, steps: 60, learningRate: 0.03)
      settings.model = ModelConfiguration(
        architecture: settings.model.architecture, embeddingSize: 6, direction: direction)
      settings = RunSettings(
        model: settings.model, data: settings.data, trainer: settings.trainer, plan: settings.plan)
      let path = folder.path(direction.rawValue)
      try SmallRuns.train(
        settings, in: path, corpus: [try SmallTexts.file(SmallTexts.noise(2000, letters: 4))])
      return try TextModel(contentsOf: path)
    }
    return (try train(.forward), try train(.backward))
  }

  @Test("A beam that holds everything finds what trying everything finds")
  func exhaustive() throws {
    let folder = try StorageTestFolder()
    let (forward, backward) = try models(folder)
    let letters = ["a", "b", "c", "d"]
    let template = try GapTemplate("ab[?]c[??]d")
    let all = letters.flatMap { first in
      letters.flatMap { second in letters.map { [first, second + $0] } }
    }
    for both in [false, true] {
      let models = try DirectedModels(
        forward: (forward, "f"), backward: both ? (backward, "b") : nil)
      let fillings = try GapFiller(models, width: 64).fillings(template)
      let ranked = try models.ranked(all.map(template.filled))
      #expect(fillings.map(\.text) == ranked.map(\.text))
      #expect(fillings.map(\.gaps) == ranked.map { all[$0.index] })
      expectClose(fillings.reduce(0) { $0 + $1.share }, 1, tolerance: 1e-9, "shares")
      let expected = try forward.score(ranked[0].text).nats
      expectClose(fillings[0].cost.forwardNats, expected, tolerance: 1e-4, "nats")
      if both {
        let back = try backward.score(ranked[0].text).nats
        expectClose(fillings[0].cost.nats, (expected + back) / 2, tolerance: 1e-4, "mean")
      }
      // A narrow beam finds fewer, each as good as it is.
      let few = try GapFiller(models, width: 3).fillings(template)
      #expect(few.count < fillings.count && Set(few.map(\.text)).isSubset(of: ranked.map(\.text)))
    }
  }

  @Test("Models of the wrong direction are refused")
  func directions() throws {
    let folder = try StorageTestFolder()
    let (forward, backward) = try models(folder)
    #expect(throws: FillError.direction(model: "b", wanted: .forward)) {
      try DirectedModels(forward: (backward, "b"))
    }
    #expect(throws: FillError.direction(model: "f", wanted: .backward)) {
      try DirectedModels(forward: (forward, "f"), backward: (forward, "f"))
    }
    #expect(throws: ScoringError.empty(index: 1)) {
      try DirectedModels(forward: (forward, "f")).ranked(["a", ""])
    }
  }
}
