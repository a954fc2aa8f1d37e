/// A model that goes on learning from a text while it is measured on it: dynamic evaluation.
///
/// A segment of n tokens is predicted first and learned from then, so that no token is predicted by a
/// model that has seen it. With the gradient g of the segment's mean cost, its usual size r = √(mean
/// of g² over segments), the weights θ₀ before the text, and element by element
///
/// ```
/// θ ← θ + λ d (θ₀ − θ) − η g / (r + ε);  d = min(r / r̄, 1 / λ)
/// ```
///
/// where r̄ is the mean over tensors of the mean of r. The size is that of the segments read so far, the
/// present one included: no training text is needed, and no element moves further than η √segments
/// at once. The method's authors take it from the training text.
///
/// Reference: Ben Krause, Emmanuel Kahembwe, Iain Murray and Steve Renals, "Dynamic Evaluation of
/// Neural Sequence Models", 2018.
public struct DynamicEvaluation: Sendable, Equatable {
  /// η, how fast the model learns from the text.
  public let rate: Double
  /// λ, how fast it forgets what it learned from it.
  public let decayRate: Double
  /// n, tokens that are predicted before they are learned from.
  public let segmentLength: Int
  /// ε, which bounds the steps of elements that hardly ever have a gradient.
  public let epsilon: Double

  /// Throws `AdaptationError` for a rate or decay that is not in 0 ..< 1, a segment length below 1, or
  /// an epsilon that is not in 0 ..< 1.
  public init(
    rate: Double = 5e-4, decayRate: Double = 2e-3, segmentLength: Int = 20, epsilon: Double = 1e-5
  ) throws(AdaptationError) {
    try AdaptationError.check(rate, "dynamic rate", in: 0..<1)
    try AdaptationError.check(decayRate, "dynamic decay", in: 0..<1)
    try AdaptationError.check(epsilon, "dynamic epsilon", in: 0..<1)
    guard segmentLength >= 1 else {
      throw .outOfRange(name: "dynamic segment", value: "\(segmentLength)", allowed: "1 or more")
    }
    self.rate = rate
    self.decayRate = decayRate
    self.segmentLength = segmentLength
    self.epsilon = epsilon
  }

  /// θ after a step from `weights`, θ₀ being `initial`; `sizes` is r, and `meanSize` r̄.
  ///
  /// Requires four tensors of one shape.
  public func step(
    _ weights: Tensor, initial: Tensor, gradient: Tensor, sizes: Tensor, meanSize: Double
  ) -> Tensor {
    let shape = weights.shape
    require(
      [initial.shape, gradient.shape, sizes.shape] == [shape, shape, shape],
      "dynamic evaluation: \(initial.shape), \(gradient.shape), \(sizes.shape) for \(shape)")
    let (rate, decay, epsilon) = (Float(rate), Float(decayRate), Float(epsilon))
    // λ d = min(λ r / r̄, 1); where no gradient ever was, nothing has moved.
    let pull = meanSize > 0 ? decay / Float(meanSize) : 0
    let moved = weights.withUnsafeBuffer { weights in
      initial.withUnsafeBuffer { initial in
        gradient.withUnsafeBuffer { gradient in
          sizes.withUnsafeBuffer { sizes in
            [Float](unsafeUninitializedCapacity: shape.count) { moved, count in
              for index in 0..<shape.count {
                let back = min(pull * sizes[index], 1) * (initial[index] - weights[index])
                let ahead = rate * gradient[index] / (sizes[index] + epsilon)
                moved[index] = weights[index] + back - (gradient[index] == 0 ? 0 : ahead)
              }
              count = shape.count
            }
          }
        }
      }
    }
    return Tensor(moved, shape: shape)
  }
}
