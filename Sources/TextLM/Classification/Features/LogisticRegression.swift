#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The logistic regression of a yes or no on the features of texts, with a quadratic penalty.
///
///     f(w, b) = ½ Σ_j w_j² + ½ β b² + C Σ_i c_i ln (1 + exp (−y_i z_i)),   z_i = b + Σ_j w_j x_ij
///
/// with y = ±1 and x_ij = r_j / √n_i for the n_i features of a block that text i has. f is strictly
/// convex, so that there is one least; it is found by Newton's method, each step of which is solved
/// by conjugate gradients and shortened until f falls. Nothing is drawn.
///
/// Time is in proportion to the features of all texts: some 100 passes over them.
///
/// Reference: Chih-Jen Lin, Ruby Weng and Sathiya Keerthi, "Trust Region Newton Method for Large-Scale
/// Logistic Regression", Journal of Machine Learning Research 9, 2008.
struct LogisticRegression {
  /// The features of all texts.
  let rows: FeatureRows
  /// The texts to learn from, N of them.
  let texts: [Int]
  /// 1 / √n for each of them and each block, [N, B].
  let scales: [Double]
  /// r, [F].
  let ratios: [Double]
  /// Whether the answer is yes, [N].
  let answers: [Bool]
  /// c, [N].
  let textWeights: [Double]

  /// β: so small that it matters only where all answers are the same, and b would not end.
  static let biasPenalty = 1e-3
  /// The part of its norm at w = 0 to which the gradient is brought down.
  static let tolerance = 1e-3
  private static let stepLimit = 60
  private static let conjugateStepLimit = 60

  /// A point: the weights w, [F], and b.
  struct Weights: Sendable, Equatable {
    var features: [Double]
    var bias: Double

    /// The sum of the products of all numbers.
    func dot(_ other: Weights) -> Double {
      var sum = bias * other.bias
      for place in features.indices { sum += features[place] * other.features[place] }
      return sum
    }

    /// Adds a multiple of another.
    mutating func add(_ other: Weights, times factor: Double) {
      for place in features.indices { features[place] += factor * other.features[place] }
      bias += factor * other.bias
    }
  }

  /// w = 0 and b = 0.
  var zero: Weights {
    Weights(features: [Double](repeating: 0, count: ratios.count), bias: 0)
  }

  /// The least of f for a weight C of the data, looked for from `start` on.
  ///
  /// - Parameter tolerance: The part of its norm at w = 0 to which the gradient is brought down.
  func solution(
    dataWeight: Double, from start: Weights, tolerance: Double = Self.tolerance
  ) -> Weights {
    var weights = start
    var logits = logits(weights)
    let goal: Double = {
      let gradient = gradient(zero, [Double](repeating: 0, count: texts.count), dataWeight)
      return tolerance * gradient.dot(gradient).squareRoot()
    }()
    var value = value(weights, logits, dataWeight)
    for _ in 0..<Self.stepLimit {
      let gradient = gradient(weights, logits, dataWeight)
      let norm = gradient.dot(gradient).squareRoot()
      guard norm > goal else { break }
      let step = newtonStep(gradient, logits, dataWeight, goal: max(0.1 * norm, 0.5 * goal))
      let change = self.logits(step)
      let slope = gradient.dot(step)
      var length = 1.0
      while true {
        var moved = weights
        moved.add(step, times: length)
        let movedLogits = zip(logits, change).map { $0 + length * $1 }
        let movedValue = self.value(moved, movedLogits, dataWeight)
        if movedValue <= value + 0.01 * length * slope {
          (weights, logits, value) = (moved, movedLogits, movedValue)
          break
        }
        length /= 2
        // No longer a matter of f, but of how it is rounded.
        if length < 1e-6 { return weights }
      }
    }
    return weights
  }

  /// z, [N].
  func logits(_ weights: Weights) -> [Double] {
    let values = zip(weights.features, ratios).map { $0 * $1 }
    return rows.sums(values, rows: texts, scales: scales).map { $0 + weights.bias }
  }

  /// f.
  private func value(_ weights: Weights, _ logits: [Double], _ dataWeight: Double) -> Double {
    var nats = 0.0
    for (index, logit) in logits.enumerated() {
      nats += textWeights[index] * Self.nats(answers[index] ? logit : -logit)
    }
    let squares = weights.features.reduce(0) { $0 + $1 * $1 }
    return (squares + Self.biasPenalty * weights.bias * weights.bias) / 2 + dataWeight * nats
  }

  /// The derivatives of f by w and b.
  private func gradient(
    _ weights: Weights, _ logits: [Double], _ dataWeight: Double
  ) -> Weights {
    let slopes = logits.enumerated().map { index, logit in
      dataWeight * textWeights[index] * (Self.sigmoid(logit) - (answers[index] ? 1 : 0))
    }
    return penalized(weights, plus: slopes)
  }

  /// Solves (second derivatives) · step = −gradient by conjugate gradients, up to a residual.
  private func newtonStep(
    _ gradient: Weights, _ logits: [Double], _ dataWeight: Double, goal: Double
  ) -> Weights {
    let curvatures = logits.enumerated().map { index, logit in
      let probability = Self.sigmoid(logit)
      return dataWeight * textWeights[index] * probability * (1 - probability)
    }
    var step = zero
    var residual = zero
    residual.add(gradient, times: -1)
    var direction = residual
    var square = residual.dot(residual)
    for _ in 0..<Self.conjugateStepLimit where square.squareRoot() > goal {
      let slopes = zip(self.logits(direction), curvatures).map { $0 * $1 }
      let product = penalized(direction, plus: slopes)
      let length = square / direction.dot(product)
      step.add(direction, times: length)
      residual.add(product, times: -length)
      let next = residual.dot(residual)
      var turned = residual
      turned.add(direction, times: next / square)
      (direction, square) = (turned, next)
    }
    return step
  }

  /// Penalty times weights, plus what slopes by the logits are by w and b.
  private func penalized(_ weights: Weights, plus slopes: [Double]) -> Weights {
    var features = rows.spread(slopes, rows: texts, scales: scales)
    for place in features.indices {
      features[place] = weights.features[place] + ratios[place] * features[place]
    }
    return Weights(
      features: features, bias: Self.biasPenalty * weights.bias + slopes.reduce(0, +))
  }

  /// 1 / (1 + exp (−z)).
  static func sigmoid(_ logit: Double) -> Double {
    logit >= 0 ? 1 / (1 + exp(-logit)) : exp(logit) / (1 + exp(logit))
  }

  /// −ln of the sigmoid, for any z.
  static func nats(_ logit: Double) -> Double {
    logit >= 0 ? log1p(exp(-logit)) : log1p(exp(logit)) - logit
  }
}
