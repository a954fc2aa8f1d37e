import TextLM
import TextLMTensors
import Testing

@Suite("Rates of parameters: freezing, factors, unfreezing")
struct ParameterRatesTests {
  private static let paths = [
    "embedding.weight", "rnn.weight_ih_l0", "rnn.bias_ih_l0", "rnn.weight_ih_l1", "head.weight",
    "head.bias",
  ]

  @Test("Where several factors fit the last counts; what is frozen stays so")
  func factors() throws {
    let rates = ParameterRates(
      frozen: [PathPattern("embedding.*"), PathPattern("*.bias")],
      factors: [
        try .init("*=0.5"), try .init("rnn.*_l0=0.25"), try .init("embedding.weight=3"),
      ])
    #expect(
      rates.factors(for: Self.paths, epoch: 0) == [
        "embedding.weight": 0, "rnn.weight_ih_l0": 0.25, "rnn.bias_ih_l0": 0.25,
        "rnn.weight_ih_l1": 0.5, "head.weight": 0.5, "head.bias": 0,
      ])
    #expect(ParameterRates.equal.factors(for: Self.paths, epoch: 3) == [:])
  }

  @Test("Unfreezing goes from the output down to the embedding, a step each so many epochs")
  func unfreezing() throws {
    let rates = ParameterRates(frozen: [PathPattern("rnn.bias*")], unfreezeInterval: 2)
    func learning(_ epoch: Int) -> [String] {
      let factors = rates.factors(for: Self.paths, epoch: epoch)
      return Self.paths.filter { factors[$0] != 0 }
    }
    let head = ["head.weight", "head.bias"]
    for epoch in 0...1 { #expect(learning(epoch) == head) }
    for epoch in 2...3 { #expect(learning(epoch) == ["rnn.weight_ih_l1"] + head) }
    for epoch in 4...5 {
      #expect(learning(epoch) == ["rnn.weight_ih_l0", "rnn.weight_ih_l1"] + head)
    }
    #expect(learning(6) == Self.paths.filter { $0 != "rnn.bias_ih_l0" })
    #expect(learning(1000) == learning(6))
    // A tied embedding is the output's weights.
    let tied = rates.factors(for: ["embedding.weight", "rnn.weight_ih_l0", "head.bias"], epoch: 0)
    #expect(tied == ["rnn.weight_ih_l0": 0])
  }

  @Test("What cannot be followed is refused")
  func refusals() throws {
    for text in ["rnn", "=2", "rnn.*=fast", "rnn.*=-1", "rnn.*=1e9", ""] {
      #expect(throws: ParameterRatesError.malformed(text)) { try ParameterRates.Factor(text) }
    }
    #expect(throws: ParameterRatesError.matchesNothing(pattern: "gru.*", paths: Self.paths)) {
      try ParameterRates(frozen: [PathPattern("gru.*")]).check(Self.paths)
    }
    #expect(throws: ParameterRatesError.nothingLearns) {
      try ParameterRates(frozen: [PathPattern("*")]).check(Self.paths)
    }
    #expect(throws: ParameterRatesError.nothingLearns) {
      try ParameterRates(frozen: [PathPattern("head.*")], unfreezeInterval: 1).check(Self.paths)
    }
  }

  /// The parameters before and after one step of gradient descent, and the step's report.
  private func step(
    _ rates: ParameterRates
  ) throws -> (before: [String: [Float]], after: [String: [Float]], StepReport) {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(rate: 0, steps: 1)
    settings.trainer.optimizer = .sgd(momentum: 0, dampening: 0, isNesterov: false)
    (settings.trainer.clip, settings.trainer.weightDecay) = (nil, 0)
    settings.rates = rates
    let run = try TrainingRun(settings, corpus: SmallRuns.corpus(), path: folder.path("run"))
    func values() -> [String: [Float]] {
      Dictionary(uniqueKeysWithValues: run.model.parameters.map { ($0.path, $0.value.array) })
    }
    let before = values()
    var report: StepReport?
    _ = try run.train {
      if case .step(let step, _) = $0 { report = step }
      return true
    }
    return (before, values(), try #require(report))
  }

  @Test("A factor scales the step; a frozen parameter has no step and no gradient")
  func steps() throws {
    let plain = try step(.equal)
    let factor = try ParameterRates.Factor("rnn.*_l0=0.5")
    let rated = try step(
      ParameterRates(frozen: [PathPattern("embedding.*")], factors: [factor]))
    #expect(plain.before == rated.before)
    for (path, before) in plain.before {
      let (whole, part) = (try #require(plain.after[path]), try #require(rated.after[path]))
      let expected: Float =
        path.hasPrefix("embedding") ? 0 : factor.pattern.matches(path) ? 0.5 : 1
      #expect(whole != before, "\(path)")
      for (index, value) in before.enumerated() {
        let wanted = value + expected * (whole[index] - value)
        #expect(abs(part[index] - wanted) <= 1e-6 * max(1, abs(value)), "\(path)")
      }
    }
    #expect(rated.2.natsPerToken == plain.2.natsPerToken)
    #expect(rated.2.gradientNorm < plain.2.gradientNorm)
  }

  @Test("What is frozen has no moments in the state")
  func moments() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(steps: 3)
    settings.rates.frozen = [PathPattern("rnn.*_l0")]
    try SmallRuns.train(settings, in: folder.path("run"))
    let file = try SafetensorsFile(
      contentsOf: folder.path("run/state.safetensors"), checksums: .required)
    let names = file.tensors.map(\.name)
    #expect(names.contains { $0.hasPrefix("first_moment.") && $0.hasSuffix("_l1") })
    #expect(!names.contains { $0.hasPrefix("first_moment.") && $0.hasSuffix("_l0") })
  }

  @Test("A run with everything on goes on bit for bit")
  func resuming() throws {
    let folder = try StorageTestFolder()
    // 29 steps are an epoch: all of the model learns from step 87 on.
    var settings = try SmallRuns.settings(steps: 110)
    settings.rates = ParameterRates(
      frozen: [PathPattern("rnn.bias_hh*")], factors: [try .init("rnn.*_l0=0.3")],
      unfreezeInterval: 1)
    let whole = folder.path("whole")
    try SmallRuns.train(settings, in: whole)
    for step in [5, 33, 64, 70, 100] {
      let parts = folder.path("\(step)")
      try SmallRuns.train(settings, in: parts, stoppingAfter: step)
      try SmallRuns.resume(parts)
      try RunFiles.expectEqual(whole, parts, "stopped after step \(step)")
    }
  }
}
