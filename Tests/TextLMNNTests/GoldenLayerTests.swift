import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// Layers with PyTorch's parameters give PyTorch's outputs and gradients. The cases' tensors: input
/// fill(1, [5, 2, 3], 1), parameters fill(2 ...) in the order of PyTorch's `named_parameters`.
@Suite("Layers agree with PyTorch")
struct GoldenLayerTests {
  private let input = fill(1, [5, 2, 3], 1)

  /// Fills the parameters in their order and files them by name.
  private func fillParameters(of scope: ParameterScope) -> [String: Parameter] {
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    return Dictionary(uniqueKeysWithValues: scope.parameters.map { ($0.path, $0) })
  }

  @Test("torch.nn.LSTM(3, 4)")
  func lstm() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try LSTM(inputSize: 3, hiddenSize: 4, in: scope)
    let parameters = fillParameters(of: scope)
    try GoldenCase("lstm").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test("torch.nn.GRU(3, 4)")
  func gru() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try GRU(inputSize: 3, hiddenSize: 4, in: scope)
    let parameters = fillParameters(of: scope)
    try GoldenCase("gru_reset_after").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test("torch.nn.RNN(3, 4)")
  func rnn() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try RNN(inputSize: 3, hiddenSize: 4, in: scope)
    let parameters = fillParameters(of: scope)
    try GoldenCase("rnn_tanh").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test("torch.nn.RNN(3, 4, nonlinearity='relu')")
  func rectifiedRNN() throws {
    let golden = """
      {"y_shape": [5, 2, 4], "y_head": [0.410423241185, 0.18057939558, 0.138923838116, 0,
      0.92767594621, 0.10663001582, 0, 0], "y_tail": [0.593111123319, 0, 0],
      "y_sum": 8.942571330874, "L": 1.501539694103, "grads": {
      "x": {"shape": [5, 2, 3], "gsum": 1.527163534324, "gdot": -2.319814043778},
      "weight_ih_l0": {"shape": [4, 3], "gsum": 8.46873293194, "gdot": 2.638339270342},
      "weight_hh_l0": {"shape": [4, 4], "gsum": -0.045486467152, "gdot": 2.171755804208},
      "bias_ih_l0": {"shape": [4], "gsum": 0.500057482649, "gdot": -0.805372057089},
      "bias_hh_l0": {"shape": [4], "gsum": 0.500057482649, "gdot": -0.805372057089}}}
      """
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try RNN(inputSize: 3, hiddenSize: 4, nonlinearity: .relu, in: scope)
    let parameters = fillParameters(of: scope)
    try JSONDecoder().decode(GoldenCase.self, from: Data(golden.utf8)).check(
      input: input, parameters: parameters
    ) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test("torch.nn.LSTM(3, 4, num_layers=2)")
  func stackedLSTM() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try Stacked(layerCount: 2, inputSize: 3) { index, inputSize in
      try LSTM(inputSize: inputSize, hiddenSize: 4, suffix: "l\(index)", in: scope)
    }
    let parameters = fillParameters(of: scope)
    try GoldenCase("lstm_2layer").check(input: input, parameters: parameters) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test("torch.nn.LSTM(3, 4, bidirectional=True)")
  func bidirectionalLSTM() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try Bidirectional(
      forward: LSTM(inputSize: 3, hiddenSize: 4, in: scope),
      backward: LSTM(inputSize: 3, hiddenSize: 4, suffix: "l0_reverse", in: scope))
    let parameters = fillParameters(of: scope)
    try GoldenCase("lstm_bidir").check(input: input, parameters: parameters) { input, pass in
      encoder.encode(input, lengths: [5, 5], pass)
    }
  }

  /// The case holds [cross entropy, smoothed cross entropy], four rows each.
  @Test(
    "F.cross_entropy(fill(1, [4, 6], 2), [0, 5, 2, 2], label_smoothing=0 and 0.1)")
  func crossEntropy() throws {
    struct Outputs: Decodable { let y_head: [Double] }
    let outputs = try GoldenVectors.read("ce_and_label_smoothing0.1", as: Outputs.self).y_head
    let (expected, smoothed) = (outputs.prefix(4), outputs.suffix(4))
    let logits = fill(1, [4, 6], 2)
    for (row, (target, loss)) in zip([0, 5, 2, 2] as [Int32], expected).enumerated() {
      let ofRow = ForwardPass.inference().softmaxCrossEntropy(
        logits[rows: row..<row + 1], targets: [target])
      expectClose(Double(ofRow.item), loss, tolerance: 2e-6, "row \(row)")
    }
    let mean = ForwardPass.inference().softmaxCrossEntropy(logits, targets: [0, 5, 2, 2])
    expectClose(Double(mean.item), expected.reduce(0, +) / 4, tolerance: 2e-6, "mean")
    let added = ForwardPass.inference().labelSmoothing(
      logits, targets: [0, 5, 2, 2], smoothing: 0.1)
    expectClose(
      Double(mean.item + added.item), smoothed.reduce(0, +) / 4, tolerance: 2e-6, "smoothed mean")
  }
}
