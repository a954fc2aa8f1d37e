public import Testing
public import TextLMNN
public import TextLMTensors

/// Compares the gradients of a function with differences of its values, for every element of every
/// input and parameter.
///
/// The loss is L = Σ y · fill(99), summed in Double, and its slope the five-point difference
///
/// ```
/// (8 (L(h) − L(−h)) − (L(2h) − L(−2h))) / 12h, h = 1/32 if not told otherwise
/// ```
///
/// Outputs of order 1 carry rounding errors of some 10⁻⁷, which the division turns into some 10⁻⁵
/// for the few dozen outputs that checks have; leaving out terms of order h⁴ costs less than that.
/// The tolerance of 10⁻³ is far above both and far below any wrong or missing term.
///
/// - Parameters:
///   - parameters: whose gradients to check.
///   - inputs: tensors handed to `output`, whose gradients to check too.
///   - differenceStep: h; smaller for functions that bend sharply, at the cost of rounding.
///   - regularization: what the passes do against learning by heart.
///   - output: what to differentiate; it must give the same value for the same inputs every time.
public func checkGradients(
  _ what: String, parameters: [Parameter] = [], inputs: [Tensor] = [], tolerance: Double = 1e-3,
  differenceStep: Float = 1 / 32, regularization: Regularization = .none,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ output: (_ pass: ForwardPass, _ inputs: [Tensor]) throws -> Tensor
) rethrows {
  let random = RandomSource(seed: 11)
  let (_, gradients) = try valueWithGradients(
    random: random, regularization: regularization
  ) { pass in
    inputs.forEach(pass.watch)
    let result = try output(pass, inputs)
    return pass.sum(pass.multiply(result, fill(99, result.shape, 1)))
  }
  func loss(_ inputs: [Tensor]) throws -> Double {
    probe(try output(.training(random: random, regularization: regularization), inputs))
  }
  func compare(_ gradient: Tensor, _ slopes: Tensor, _ name: String) {
    expectClose(
      gradient, slopes, tolerance: tolerance, "\(what): gradient of \(name)",
      sourceLocation: sourceLocation)
  }
  for (number, input) in inputs.enumerated() {
    let gradient = gradients[input] ?? Tensor(zeros: input.shape)
    let slopes = try numericalGradient(
      at: input, step: differenceStep, wanted: gradient, tolerance: tolerance
    ) { changed in
      var inputs = inputs
      inputs[number] = changed
      return try loss(inputs)
    }
    compare(gradient, slopes, "input \(number)")
  }
  for parameter in parameters {
    let value = parameter.value
    defer { parameter.value = value }
    let gradient = gradients[parameter] ?? Tensor(zeros: value.shape)
    let slopes = try numericalGradient(
      at: value, step: differenceStep, wanted: gradient, tolerance: tolerance
    ) { changed in
      parameter.value = changed
      return try loss(inputs)
    }
    compare(gradient, slopes, parameter.path)
  }
}

/// The five-point slope of `loss` along each element of `tensor`.
///
/// Where the slope is not the one wanted it is taken again over shorter steps, on both sides together
/// and on each alone, and the nearest counts: functions with corners, as ReLU, may have one within a
/// step, which a shorter step or the other side leaves out; a wrong gradient is wrong at every step.
private func numericalGradient(
  at tensor: Tensor, step: Float, wanted: Tensor, tolerance: Double,
  _ loss: (Tensor) throws -> Double
) rethrows -> Tensor {
  let values = tensor.array
  func moved(by offset: Float, at index: Int) throws -> Double {
    var values = values
    values[index] += offset
    return try loss(Tensor(values, shape: tensor.shape))
  }
  func slope(at index: Int, step: Float) throws -> Float {
    let near = try moved(by: step, at: index) - moved(by: -step, at: index)
    let far = try moved(by: 2 * step, at: index) - moved(by: -2 * step, at: index)
    return Float((8 * near - far) / (12 * Double(step)))
  }
  /// From the function here and at one and two steps to one side.
  func sideSlope(at index: Int, step: Float) throws -> Float {
    let (here, near) = (try moved(by: 0, at: index), try moved(by: step, at: index))
    return Float((4 * near - 3 * here - (try moved(by: 2 * step, at: index))) / (2 * Double(step)))
  }
  let slopes = try zip(values.indices, wanted.array).map { index, wanted in
    var best = try slope(at: index, step: step)
    for part: Float in [8, 64, 16, 32, 12, 24, 48] {
      for side: Float in [0, 1, -1] {
        if abs(Double(best - wanted)) <= tolerance * max(1, abs(Double(best))) { return best }
        let next =
          side == 0
          ? try slope(at: index, step: step / part)
          : try sideSlope(at: index, step: side * step / part)
        if abs(next - wanted) < abs(best - wanted) { best = next }
      }
    }
    return best
  }
  return Tensor(slopes, shape: tensor.shape)
}
