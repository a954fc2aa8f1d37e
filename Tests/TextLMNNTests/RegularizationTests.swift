import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Regularization by its definitions")
struct RegularizationTests {
  private func pass(seed: UInt64 = 3, _ set: (inout Regularization) -> Void) -> ForwardPass {
    .training(random: RandomSource(seed: seed), regularization: regularization(set))
  }

  private func regularization(_ set: (inout Regularization) -> Void) -> Regularization {
    var regularization = Regularization()
    set(&regularization)
    return regularization
  }

  private func parameter(_ value: Tensor) throws -> Parameter {
    try ParameterScope(StoredParameters(["p": value])).parameter("p", value.shape, .zeros)
  }

  @Test("Locked dropout has one mask for all steps of a sequence, and keeps the mean")
  func lockedDropout() {
    let pass = pass { $0.isDropoutLocked = true }
    let dropped = pass.dropout(Tensor(repeating: 1, shape: [3, 100, 100]), rate: 0.25)
    let steps = (0..<3).map { dropped[rows: $0..<$0 + 1].array }
    #expect(steps[0] == steps[1] && steps[1] == steps[2])
    #expect(Set(steps[0]) == [0, 4.0 / 3])
    // 10,000 draws of variance rate / (1 − rate) = 1/3: five standard deviations of the mean.
    #expect(abs(steps[0].reduce(0, +) / 10_000 - 1) < 0.029)
    #expect(
      pass.dropout(Tensor(repeating: 1, shape: [3, 100, 100]), rate: 0.25).array != dropped.array,
      "a second mask is a new one")
    checkGradients(
      "locked dropout", inputs: [fill(1, [2, 3, 4])],
      regularization: regularization { $0.isDropoutLocked = true }
    ) { $0.dropout($1[0], rate: 0.4) }
  }

  @Test("Embedding dropout drops whole rows of the table, the same ones all pass long")
  func embeddingDropout() throws {
    let table = try parameter(Tensor(repeating: 1, shape: [5_000, 3]))
    let pass = pass { $0.embeddingDropout = 0.2 }
    let dropped = pass.embeddingTable(of: table)
    let values = dropped.array
    let rows = stride(from: 0, to: values.count, by: 3).map { Array(values[$0..<$0 + 3]) }
    #expect(Set(rows) == [[0, 0, 0], [1.25, 1.25, 1.25]])
    // 5,000 draws of variance 1/4: five standard deviations of the mean are 0.035.
    #expect(abs(values.reduce(0, +) / Float(values.count) - 1) < 0.035)
    #expect(pass.embeddingTable(of: table).id == dropped.id)
    #expect(ForwardPass.inference().embeddingTable(of: table).array.allSatisfy { $0 == 1 })
  }

  @Test("Weight drop drops elements, the same ones all pass long, with gradients through the mask")
  func weightDrop() throws {
    let weight = try parameter(Tensor(repeating: 1, shape: [100, 100]))
    let pass = pass { $0.weightDrop = 0.5 }
    let dropped = pass.recurrentWeight(of: weight)
    #expect(Set(dropped.array) == [0, 2])
    #expect(abs(dropped.array.reduce(0, +) / 10_000 - 1) < 0.05)
    #expect(pass.recurrentWeight(of: weight).id == dropped.id)
    #expect(pass.value(of: weight).array.allSatisfy { $0 == 1 })
    let regularization = regularization { ($0.weightDrop, $0.embeddingDropout) = (0.5, 0.3) }
    let (small, table) = (try parameter(fill(1, [6, 4])), try parameter(fill(2, [6, 4])))
    checkGradients("weight drop", parameters: [small], regularization: regularization) { pass, _ in
      pass.recurrentWeight(of: small)
    }
    checkGradients("embedding dropout", parameters: [table], regularization: regularization) {
      pass, _ in pass.embeddingTable(of: table)
    }
  }

  @Test("An LSTM with weight drop is one whose recurrent weights were dropped before")
  func droppedLSTM() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let lstm = try LSTM(inputSize: 3, hiddenSize: 4, in: scope)
    let recurrent = try #require(scope.parameters.first { $0.path == "weight_hh_l0" })
    let regularization = regularization { $0.weightDrop = 0.5 }
    let input = fill(1, [5, 2, 3], 1)
    func output(_ pass: ForwardPass) -> Tensor {
      var state = lstm.initialState(batchSize: 2)
      return lstm(input, state: &state, pass)
    }
    let training = ForwardPass.training(
      random: RandomSource(seed: 2), regularization: regularization)
    let dropped = output(training)
    checkGradients(
      "LSTM with weight drop", parameters: scope.parameters, inputs: [input],
      regularization: regularization
    ) { pass, inputs in
      var state = lstm.initialState(batchSize: 2)
      return lstm(inputs[0], state: &state, pass)
    }
    recurrent.value = training.recurrentWeight(of: recurrent)
    expectIdentical(output(.inference()), dropped, "output")
  }

  @Test("Activation penalties are α mean(y²) and β mean of the squared steps")
  func activationPenalties() {
    // One unit, two rows: steps 1, 3, 0 and 2, 2, 5.
    let output = Tensor([1, 2, 3, 2, 0, 5], shape: [3, 2, 1])
    let dropped = Tensor([2, 0, 6, 0, 0, 10], shape: [3, 2, 1])
    func penalty(_ restarts: Restarts, _ set: (inout Regularization) -> Void) -> Double {
      let pass = pass(set)
      pass.addActivationPenalties(output: output, dropped: dropped, restarts: restarts)
      return Double(pass.penalty?.item ?? .nan)
    }
    expectClose(
      penalty(.none) { $0.activation = 3 }, 3.0 * (4 + 36 + 100) / 6, tolerance: 1e-6, "AR")
    // (3 − 1)², (0 − 3)², 0², (5 − 2)².
    expectClose(
      penalty(.none) { $0.temporalActivation = 2 }, 2.0 * (4 + 9 + 0 + 9) / 4, tolerance: 1e-6,
      "TAR")
    // Row 1 begins anew before step 2, so the step from 2 to 5 is none.
    let restarts = Restarts([false, false, false, false, false, true])
    expectClose(
      penalty(restarts) { $0.temporalActivation = 2 }, 2.0 * (4 + 9 + 0) / 3, tolerance: 1e-6,
      "TAR with a restart")
    expectClose(
      penalty(restarts) { ($0.activation, $0.temporalActivation) = (3, 2) },
      70 + 2.0 * 13 / 3, tolerance: 1e-6, "both")
    #expect(penalty(.none) { $0.labelSmoothing = 0.1 }.isNaN, "no penalty was asked for")
  }

  @Test func gradientsOfPenaltiesMatchDifferences() {
    let regularization = regularization { ($0.activation, $0.temporalActivation) = (0.5, 0.25) }
    let restarts = Restarts([false, false, true, false, false, false])
    let inputs = [fill(1, [3, 2, 2], 1), fill(2, [3, 2, 2], 1)]
    for (name, restarts) in [("penalties", Restarts.none), ("with restarts", restarts)] {
      checkGradients(name, inputs: inputs, regularization: regularization) { pass, inputs in
        pass.addActivationPenalties(output: inputs[0], dropped: inputs[1], restarts: restarts)
        return pass.penalty ?? Tensor(0)
      }
    }
    checkGradients("label smoothing", inputs: [fill(1, [2, 3, 4])]) {
      $0.labelSmoothing($1[0], targets: [0, 3, -1, 2, 1, -1], smoothing: 0.3)
    }
  }

  @Test("Penalties add up, and inference has none")
  func addingPenalties() {
    let pass = pass { _ in }
    #expect(pass.penalty == nil)
    pass.addPenalty(Tensor(2))
    pass.addPenalty(Tensor(3))
    #expect(pass.penalty?.item == 5)
    #expect(ForwardPass.inference().regularization == .none)
  }

  @Test("Frozen parameters are constants: no gradient, no part in the norm")
  func frozenParameters() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let lstm = try LSTM(inputSize: 3, hiddenSize: 4, in: scope)
    let frozen: Set = ["weight_hh_l0", "bias_ih_l0"]
    func gradients(frozen: Set<String>) -> Gradients {
      valueWithGradients(random: RandomSource(seed: 1), frozenPaths: frozen) { pass in
        var state = lstm.initialState(batchSize: 2)
        return pass.mean(lstm(fill(1, [5, 2, 3], 1), state: &state, pass))
      }.gradients
    }
    let (all, some) = (gradients(frozen: []), gradients(frozen: frozen))
    var sumOfSquares = 0.0
    for parameter in scope.parameters {
      if frozen.contains(parameter.path) {
        #expect(some[parameter] == nil)
      } else {
        let gradient = try #require(some[parameter])
        #expect(gradient.array == all[parameter]?.array)
        sumOfSquares += gradient.array.reduce(0) { $0 + Double($1) * Double($1) }
      }
    }
    expectClose(some.globalNorm, sumOfSquares.squareRoot(), tolerance: 1e-9, "norm")
  }
}
