import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Transformer: windows, positions and memory")
struct TransformerTests {
  private func transformer(
    context: Int, positions: Transformer.Positions, dropoutRate: Float = 0
  ) throws -> Transformer {
    let scope = ParameterScope(RandomParameters(seed: 3))
    let transformer = try Transformer(
      inputSize: 4, size: 4, layerCount: 2, headCount: 2, context: context, positions: positions,
      dropoutRate: dropoutRate, in: scope)
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    return transformer
  }

  @Test(
    "Gradients reach the steps of the window before",
    arguments: [Transformer.Positions.rotary, .absolute], [3, 8])
  func gradientsThroughMemory(positions: Transformer.Positions, context: Int) throws {
    let encoder = try transformer(context: context, positions: positions)
    checkGradients(
      "two windows", inputs: [fill(1, [4, 2, 4], 1), fill(2, [3, 2, 4], 1)]
    ) { pass, inputs in
      var state = encoder.initialState(batchSize: 2)
      let early = encoder(inputs[0], state: &state, pass)
      let late = encoder(inputs[1], state: &state, pass)
      return pass.concatenate([early, late], axis: 0)
    }
  }

  @Test("A step sees context − 1 steps back in each layer and no further")
  func slidingWindow() throws {
    let encoder = try transformer(context: 3, positions: .rotary)
    let input = fill(1, [9, 1, 4], 1)
    func last(disturbing step: Int?) -> [Float] {
      var values = input.array
      if let step { values[step * 4] += 1 }
      var state = encoder.initialState(batchSize: 1)
      let output = encoder(Tensor(values, shape: input.shape), state: &state, .inference())
      return output[rows: 8..<9].array
    }
    for step in 0..<9 {
      let isSeen = last(disturbing: step) != last(disturbing: nil)
      #expect(isSeen == (step >= 8 - 2 * 2), "step \(step)")
    }
  }

  @Test("Absolute positions begin anew every context steps, and know nothing from before")
  func stretches() throws {
    let encoder = try transformer(context: 4, positions: .absolute)
    let part = fill(1, [4, 2, 4], 1)
    var state = encoder.initialState(batchSize: 2)
    let twice = encoder(Tensor(stacking: [part, part]), state: &state, .inference())
    expectClose(twice[rows: 4..<8], twice[rows: 0..<4], tolerance: 1e-6, "the second stretch")
  }

  /// Angles of positions beyond float32's whole numbers still differ by one step.
  @Test("Rotary positions know distances only, however far the text goes")
  func distances() throws {
    let encoder = try transformer(context: 4, positions: .rotary)
    let input = fill(1, [6, 1, 4], 1)
    func read(from position: (Float, Float)) -> Tensor {
      var state = encoder.initialState(batchSize: 1)
      var tensors = state.tensors
      tensors[0] = Tensor([position.0, position.1], shape: [1, 2])
      // The window before is zeros, as far as it goes; only later steps are compared.
      state = state.replacingTensors(with: tensors)
      return encoder(input, state: &state, .inference())[rows: 5..<6]
    }
    let near = read(from: (0, 12))
    #expect(near.isFinite)
    expectClose(read(from: (0, 1_000_004)), near, tolerance: 1e-5, "after a million steps")
    expectClose(read(from: (65_536, 4)), near, tolerance: 1e-5, "after 2³⁶ steps")
  }

  @Test("A state that was kept does not change when reading goes on")
  func keptStates() throws {
    let encoder = try transformer(context: 4, positions: .rotary)
    let pass = ForwardPass.inference()
    var state = encoder.initialState(batchSize: 1)
    for step in 0..<6 { _ = encoder(fill(step, [1, 1, 4], 1), state: &state, pass) }
    let kept = state
    let before = kept.tensors.map(\.array)
    for step in 6..<9 { _ = encoder(fill(step, [1, 1, 4], 1), state: &state, pass) }
    #expect(kept.tensors.map(\.array) == before)
    #expect(state.tensors.map(\.array) != before)
  }

  @Test("Dropout changes training, also of the attention's weights, and gradients know its masks")
  func dropout() throws {
    let encoder = try transformer(context: 3, positions: .rotary, dropoutRate: 0.3)
    checkGradients("with dropout", inputs: [fill(1, [5, 2, 4], 1)]) { pass, inputs in
      var state = encoder.initialState(batchSize: 2)
      return encoder(inputs[0], state: &state, pass)
    }
  }
}
