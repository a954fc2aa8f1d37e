import Foundation
import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Adaptive softmax")
struct AdaptiveSoftmaxTests {
  private func output(
    _ classCount: Int, cutoffs: [Int], hasHeadBias: Bool = false
  ) throws -> (output: AdaptiveSoftmax, parameters: [Parameter]) {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let output = try AdaptiveSoftmax(
      inputSize: 8, classCount: classCount, cutoffs: cutoffs, divisor: 2, hasHeadBias: hasHeadBias,
      in: scope)
    for (index, parameter) in scope.parameters.enumerated() {
      parameter.value = fill(index + 2, parameter.shape)
    }
    return (output, scope.parameters)
  }

  /// The case `adaptive_softmax_logprob`, PyTorch 2.13 in float64, with fill as in `Fill.swift`:
  ///
  /// ```python
  /// m = torch.nn.AdaptiveLogSoftmaxWithLoss(8, 12, [4, 8], div_value=2.0)
  /// for seed, (name, weight) in enumerate(m.named_parameters(), 2): weight.data.copy_(fill(seed, weight.shape))
  /// x = fill(1, (3, 8), 1.0)
  /// y = m.log_prob(x); L = (y * fill(99, y.shape, 1.0)).sum(); L.backward()
  /// # of each gradient g: g.sum() and (g * fill(98, g.shape, 1.0)).sum()
  /// ```
  @Test("torch.nn.AdaptiveLogSoftmaxWithLoss(8, 12, [4, 8], div_value=2).log_prob")
  func golden() throws {
    let golden = """
      {"y_shape": [3, 12], "y_head": [-2.750516052529, -3.948386266598, -3.912547302754,
      -2.671071727153, -4.119006834536, -2.096900656617, -4.947001784745, -1.857403614559],
      "y_tail": [-4.015787159863, -3.882967627151, -4.8175008421], "y_sum": -118.120591900993,
      "L": 4.702289154615, "grads": {"head.weight": {"shape": [6, 8], "gsum": 0, "gdot":
      7.514240417345}, "tail.0.0.weight": {"shape": [4, 8], "gsum": 0.430066561296, "gdot":
      0.833966485201}, "tail.0.1.weight": {"shape": [4, 4], "gsum": 0, "gdot":
      0.760256325135}, "tail.1.0.weight": {"shape": [2, 8], "gsum": 0.737634949366, "gdot":
      -1.086524966224}, "tail.1.1.weight": {"shape": [4, 2], "gsum": 0, "gdot":
      2.098503028227}, "x": {"shape": [3, 8], "gsum": 0.148173830446, "gdot":
      -2.15225237979}}}
      """
    let (output, parameters) = try output(12, cutoffs: [4, 8])
    let named = Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0) })
    try JSONDecoder().decode(GoldenCase.self, from: Data(golden.utf8)).check(
      input: fill(1, [3, 8], 1), parameters: named
    ) { output.logProbabilities($0, $1) }
  }

  @Test("The loss is the mean of the targets' log-probabilities, whichever clusters they lie in")
  func loss() throws {
    let (output, parameters) = try output(12, cutoffs: [4, 8], hasHeadBias: true)
    let input = fill(1, [3, 2, 8], 1)
    // Of the head, of both clusters, of one of them twice, and of a row that does not count.
    for targets: [Int32] in [[0, 5, 11, 3, -1, 4], [3, 2, 1, 0, 0, 0], [8, 8, 9, 11, -1, 10]] {
      let logarithms = output.logProbabilities(input, .inference())
      #expect(logarithms.shape == [3, 2, 12])
      let costs = targets.enumerated().filter { $0.element >= 0 }.map { row, target in
        -Double(logarithms.array[row * 12 + Int(target)])
      }
      let loss = output.loss(input, targets: targets, .inference())
      expectClose(
        Double(loss.item), costs.reduce(0, +) / Double(costs.count), tolerance: 2e-6, "\(targets)")
      checkGradients("loss", parameters: parameters, inputs: [input]) { pass, inputs in
        // Parameters of clusters without targets have no part in the loss, but in the check.
        let all = output.logProbabilities(inputs[0], pass)
        return pass.add(
          output.loss(inputs[0], targets: targets, pass), pass.scale(pass.sum(all), by: 0))
      }
    }
    #expect(output.loss(input, targets: Array(repeating: -1, count: 6), .inference()).item == 0)
  }

  @Test("All classes together are certain, and clusters of one class are")
  func certainty() throws {
    for (classCount, cutoffs) in [(12, [4, 8]), (3, [1, 2]), (40, [10])] {
      let (output, _) = try output(classCount, cutoffs: cutoffs)
      let rows = output.logProbabilities(fill(3, [5, 8], 4), .inference())
      for row in 0..<5 {
        let sum = rows[rows: row..<row + 1].array.reduce(0) { $0 + exp(Double($1)) }
        expectClose(sum, 1, tolerance: 1e-5, "\(cutoffs), row \(row)")
      }
    }
  }

  @Test("Log softmax: gradients, and what is too unlikely for a float")
  func logSoftmax() {
    checkGradients("log softmax", inputs: [fill(1, [2, 3, 4], 2)]) { $0.logSoftmax($1[0]) }
    let rows = ForwardPass.inference().logSoftmax(Tensor([0, -300, 200, 200], shape: [2, 2]))
    expectClose(
      rows.array.map(Double.init), [0, -300, -log(2), -log(2)], tolerance: 1e-5, "extremes")
    #expect(ForwardPass.inference().logSoftmax(Tensor([7], shape: [1])).array == [0])
  }
}
