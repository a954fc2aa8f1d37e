public import Testing
public import TextLMNN
public import TextLMTensors

/// Compares the gradients of a function with differences of its values, for every input and parameter:
/// for each element of small ones; of others for some spread over all of it, and along a direction in
/// which all elements move, so that none can be wrong unnoticed. Small is what has no more elements
/// than `singlePlaceCount`.
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
///   - singlePlaceCount: how many elements of a tensor to move by themselves; one that has no more
///     has all of them moved, and needs no direction. A few are enough where the same parameters are
///     checked more closely elsewhere: the slope along the direction depends on every element's gradient.
///   - regularization: what the passes do against learning by heart.
///   - output: what to differentiate; it must give the same value for the same inputs every time.
public func checkGradients(
  _ what: String, parameters: [Parameter] = [], inputs: [Tensor] = [], tolerance: Double = 1e-3,
  differenceStep: Float = 1 / 32, singlePlaceCount: Int = 24,
  regularization: Regularization = .none, sourceLocation: SourceLocation = #_sourceLocation,
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
  func compare(
    _ gradient: Tensor, at value: Tensor, _ name: String, _ loss: (Tensor) throws -> Double
  )
    rethrows
  {
    for direction in directions(gradient.shape, singlePlaceCount: singlePlaceCount) {
      let wanted = zip(direction, gradient.array).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      let slope = try numericalSlope(
        at: value, along: direction, step: differenceStep, wanted: wanted, tolerance: tolerance,
        loss)
      let moved =
        direction.count { $0 != 0 } == 1
        ? "element \(direction.firstIndex { $0 != 0 } ?? 0)" : "all"
      expectClose(
        wanted, slope, tolerance: tolerance, "\(what): gradient of \(name), \(moved)",
        sourceLocation: sourceLocation)
    }
  }
  for (number, input) in inputs.enumerated() {
    let gradient = gradients[input] ?? Tensor(zeros: input.shape)
    try compare(gradient, at: input, "input \(number)") { changed in
      var inputs = inputs
      inputs[number] = changed
      return try loss(inputs)
    }
  }
  for parameter in parameters {
    let value = parameter.value
    defer { parameter.value = value }
    let gradient = gradients[parameter] ?? Tensor(zeros: value.shape)
    try compare(gradient, at: value, parameter.path) { changed in
      parameter.value = changed
      return try loss(inputs)
    }
  }
}

/// The directions along which a tensor is moved: element by element, or where there are more than
/// `singlePlaceCount`, at most as many of them as that, evenly spread, and all together by numbers of
/// length 1.
private func directions(_ shape: Shape, singlePlaceCount most: Int) -> [[Float]] {
  let count = shape.count
  let places =
    count <= most
    ? Array(0..<count)
    : Set((0..<most).map { min($0 * count / most + $0 % 3, count - 1) }).sorted()
  let single = places.map { place in (0..<count).map { Float($0 == place ? 1 : 0) } }
  guard count > most else { return single }
  let all = fill(7, shape, 1).array
  let length = all.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  return single + [all.map { Float(Double($0) / length) }]
}

/// The five-point slope of `loss` along a direction.
///
/// Where the slope is not the one wanted it is taken again over shorter steps, on both sides together
/// and on each alone, and the nearest counts: functions with corners, as ReLU, may have one within a
/// step, which a shorter step or the other side leaves out; a wrong gradient is wrong at every step.
private func numericalSlope(
  at tensor: Tensor, along direction: [Float], step: Float, wanted: Double, tolerance: Double,
  _ loss: (Tensor) throws -> Double
) rethrows -> Double {
  let values = tensor.array
  func moved(by offset: Float) throws -> Double {
    try loss(Tensor(zip(values, direction).map { $0 + offset * $1 }, shape: tensor.shape))
  }
  func slope(step: Float) throws -> Double {
    let near = try moved(by: step) - moved(by: -step)
    let far = try moved(by: 2 * step) - moved(by: -2 * step)
    return (8 * near - far) / (12 * Double(step))
  }
  /// From the function here and at one and two steps to one side.
  func sideSlope(step: Float) throws -> Double {
    let (here, near) = (try moved(by: 0), try moved(by: step))
    return (4 * near - 3 * here - (try moved(by: 2 * step))) / (2 * Double(step))
  }
  var best = try slope(step: step)
  for part: Float in [8, 64, 16, 32, 12, 24, 48] {
    for side: Float in [0, 1, -1] {
      if abs(best - wanted) <= tolerance * max(1, abs(best)) { return best }
      let next =
        side == 0 ? try slope(step: step / part) : try sideSlope(step: side * step / part)
      if abs(next - wanted) < abs(best - wanted) { best = next }
    }
  }
  return best
}
