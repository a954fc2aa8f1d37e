import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("LSTM with layer normalization and zoneout")
struct LSTMVariantTests {
  private func make(
    isNormalized: Bool, zoneout: LSTM.Zoneout, in scope: ParameterScope
  ) throws -> LSTM {
    try LSTM(
      inputSize: 3, hiddenSize: 4, isNormalized: isNormalized, zoneout: zoneout, in: scope)
  }

  @Test(
    "Both keep an encoder's laws, alone and together",
    arguments: [
      (true, LSTM.Zoneout.none), (false, LSTM.Zoneout(cell: 0.3, hidden: 0.2)),
      (true, LSTM.Zoneout(cell: 0.3, hidden: 0.2)), (false, LSTM.Zoneout(cell: 0, hidden: 0.5)),
    ])
  func laws(isNormalized: Bool, zoneout: LSTM.Zoneout) throws {
    // Over four units normalization bends sharply.
    try checkCausalEncoderLaws(differenceStep: 1 / 128) {
      try make(isNormalized: isNormalized, zoneout: zoneout, in: $0)
    }
  }

  /// In float64, tensors filled as for oracles.py, parameters with seeds 2 … in the order of the
  /// gradients below:
  ///
  /// ```python
  /// def ln(v, g, groups):
  ///     return F.layer_norm(v.reshape(B, groups, H), (H,), eps=1e-5).reshape(B, groups * H) * g
  /// a = ln(x[t] @ W_ih.T, norm_ih, 4) + ln(h @ W_hh.T, norm_hh, 4) + b_ih + b_hh
  /// i, f, g, o = a.chunk(4, 1); c = sigmoid(f) * c + sigmoid(i) * tanh(g)
  /// h = sigmoid(o) * tanh(ln(c, norm_c_weight, 1) + norm_c_bias)
  /// ```
  @Test("PyTorch's layer_norm inside an LSTM written out")
  func golden() throws {
    let golden = """
      {"y_shape": [5, 2, 4],
      "y_head": [0.221446893956, -0.231243045589, -0.24752591711, -0.15605751011,
       0.311728425245, -0.221616082582, -0.210258710362, 0.115221862864],
      "y_tail": [-0.285528793756, -0.281580992504, -0.114918324867],
      "y_sum": -2.959367194262, "L": -1.035410471947, "grads": {
      "x": {"shape": [5, 2, 3], "gsum": -0.492816365941, "gdot": -0.04138832024},
      "weight_ih_l0": {"shape": [16, 3], "gsum": 0, "gdot": 0.01141415998},
      "weight_hh_l0": {"shape": [16, 4], "gsum": 0, "gdot": -0.593616943202},
      "bias_ih_l0": {"shape": [16], "gsum": -0.330208962734, "gdot": -0.615106409022},
      "bias_hh_l0": {"shape": [16], "gsum": -0.330208962734, "gdot": -0.615106409022},
      "norm_ih_weight_l0": {"shape": [16], "gsum": -0.953083500386, "gdot": -0.610736170567},
      "norm_hh_weight_l0": {"shape": [16], "gsum": 0.219692000329, "gdot": -0.421415372427},
      "norm_c_weight_l0": {"shape": [4], "gsum": -0.521675204099, "gdot": 1.657699399177},
      "norm_c_bias_l0": {"shape": [4], "gsum": 1.273374907301, "gdot": -0.770629421952}}}
      """
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try make(isNormalized: true, zoneout: .none, in: scope)
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    let parameters = Dictionary(uniqueKeysWithValues: scope.parameters.map { ($0.path, $0) })
    try JSONDecoder().decode(GoldenCase.self, from: Data(golden.utf8)).check(
      input: fill(1, [5, 2, 3], 1), parameters: parameters
    ) { input, pass in
      var state = encoder.initialState(batchSize: 2)
      return encoder(input, state: &state, pass)
    }
  }

  @Test func layerNormalizationHasItsGradients() {
    checkGradients(
      "layer norm", inputs: [fill(1, [3, 6], 1), fill(2, [6], 1), fill(3, [6], 1)]
    ) { $0.layerNorm($1[0], gain: $1[1], bias: $1[2]) }
    checkGradients(
      "layer norm in groups", inputs: [fill(1, [3, 6], 1), fill(2, [6], 1), fill(3, [6], 1)]
    ) { $0.layerNorm($1[0], gain: $1[1], bias: $1[2], groupCount: 2) }
  }

  /// A row less its mean over its deviation: (−1, 0, 1) has the variance ⅔.
  @Test("Rows of any size and place become rows of mean 0 and variance 1")
  func layerNormalization() {
    let ones = Tensor(repeating: 1, shape: [3])
    let output = ForwardPass.inference().layerNorm(
      Tensor([1, 2, 3, 1000, 2000, 3000, 5, 5, 5], shape: [3, 3]), gain: ones,
      bias: Tensor(zeros: [3]))
    let row = [-1.224744871, 0, 1.224744871]
    expectClose(
      output.array.map(Double.init), row + row + [0, 0, 0], tolerance: 2e-5, "rows")
  }

  @Test("In training zoneout draws, in inference it does not, and its mean is inference's")
  func zoneoutDraws() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let encoder = try make(
      isNormalized: false, zoneout: LSTM.Zoneout(cell: 0.3, hidden: 0.5), in: scope)
    func output(_ pass: ForwardPass) -> [Float] {
      var state = LSTMState(hidden: fill(5, [1, 4]), cell: fill(6, [1, 4]))
      return encoder(fill(1, [1, 1, 3], 1), state: &state, pass).array
    }
    let expected = output(.inference()).map(Double.init)
    let count = 4_000
    var sums = [Double](repeating: 0, count: 4)
    for seed in 0..<count {
      let drawn = output(.training(random: RandomSource(seed: UInt64(seed))))
      for unit in 0..<4 { sums[unit] += Double(drawn[unit]) }
    }
    // Values within ±0.5 or so: five standard deviations of 4,000 draws' mean are below 0.04.
    expectClose(sums.map { $0 / Double(count) }, expected, tolerance: 0.04, "mean output")
  }
}
