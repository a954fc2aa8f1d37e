import TextLMNN
import TextLMTensors
import TextLMTestSupport

/// Parameters of a root scope, p0, p1, …, and gradients of our choice: d Σ p · g / dp = g.
struct OptimizationProblem {
  let parameters: [Parameter]

  init(_ values: [Tensor]) throws {
    let scope = ParameterScope(
      StoredParameters(
        Dictionary(
          uniqueKeysWithValues: values.enumerated().map { ("p\($0.offset)", $0.element) })))
    for (index, value) in values.enumerated() {
      _ = try scope.parameter("p\(index)", value.shape, .zeros)
    }
    parameters = scope.parameters
  }

  func gradients(_ wanted: [Tensor]) -> Gradients {
    valueWithGradients(random: RandomSource(seed: 1)) { pass in
      var total = Tensor(0)
      for (parameter, gradient) in zip(parameters, wanted) {
        total = pass.add(
          total, pass.sum(pass.multiply(pass.value(of: parameter), gradient)))
      }
      return total
    }.gradients
  }

  /// The elements of the first parameter after three steps with gradients fill(2 ...), as the golden
  /// optimizers take them.
  func valuesAfterThreeSteps(
    _ optimizer: any Optimizer, _ step: OptimizationStep
  ) -> [Double] {
    var optimizer = optimizer
    for index in 0..<3 {
      optimizer.update(
        parameters, gradients([fill(2 + index, parameters[0].shape, 1)]), step)
    }
    return parameters[0].value.array.map(Double.init)
  }
}
