import TextLM
import TextLMTestSupport
import Testing

@Suite("Losses with regularization")
struct RegularizedLossTests {
  private static let ids: [Int32] = (0..<44).map { ($0 * $0 * 7) % 9 }
  private let tokens = TokenBatch(Array(ids.prefix(40)), timeLength: 10, batchSize: 4)
  private let targets = Array(ids.suffix(40))

  private func model(_ name: String) throws -> any LanguageModel {
    let model = try SmallModels.configuration(name, size: 16).makeModel(
      vocabularySize: 9, from: RandomParameters(seed: 2))
    SmallModels.shake(model)
    return model
  }

  private func loss<Model: LanguageModel>(
    _ model: Model, _ regularization: Regularization
  ) -> (plain: Double, objective: Double) {
    var state = model.initialState(batchSize: 4)
    let pass = ForwardPass.training(
      random: RandomSource(seed: 1), regularization: regularization)
    let loss = pass.loss(of: model, tokens, targets: targets, state: &state)
    return (Double(loss.crossEntropy.item), Double(loss.objective.item))
  }

  @Test("Penalties and smoothing are differentiated but not reported", arguments: SmallModels.names)
  func plainLoss(name: String) throws {
    let model = try model(name)
    let plain = loss(model, .none)
    #expect(plain.plain == plain.objective)
    for change in [
      { $0.labelSmoothing = 0.1 }, { $0.activation = 2 }, { $0.temporalActivation = 1 },
    ] as [(inout Regularization) -> Void] {
      var regularization = Regularization()
      change(&regularization)
      let changed = loss(model, regularization)
      #expect(changed.plain == plain.plain)
      #expect(abs(changed.objective - plain.plain) > 1e-4)
    }
  }

  @Test("Every kind of dropout changes what the model sees", arguments: SmallModels.names)
  func dropouts(name: String) throws {
    let model = try model(name)
    let plain = loss(model, .none).plain
    let kind = try ArchitectureRegistry.builtIn.architecture(named: name)
    var changes: [(inout Regularization) -> Void] = [
      { $0.embeddingDropout = 0.3 }, { $0.inputDropout = 0.3 }, { $0.outputDropout = 0.3 },
    ]
    if kind.hasRecurrentWeights { changes.append { $0.weightDrop = 0.3 } }
    for change in changes {
      var regularization = Regularization()
      change(&regularization)
      let dropped = loss(model, regularization)
      #expect(abs(dropped.plain - plain) > 1e-5 && dropped.plain == dropped.objective)
    }
  }
}
