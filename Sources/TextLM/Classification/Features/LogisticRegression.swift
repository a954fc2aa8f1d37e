#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The logistic regression of a yes or no on the features of texts, with a quadratic penalty.
///
///     f(w) = ½ Σ_j w_j² + C Σ_i c_i ln (1 + exp (−y_i z_i)),   z_i = b + Σ_j w_j x_ij
///
/// with y = ±1 and x_ij = r_j / √n_i for the n_i features of a block that text i has. b is given and
/// not learned: it is what is known of a text without features. f is strictly convex, so that there
/// is one least; it is found by Newton's method, each step of which is solved by conjugate gradients
/// and shortened until f falls. Nothing is drawn.
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
  /// b.
  let bias: Double

  /// The part of its norm at w = 0 to which the gradient is brought down.
  static let tolerance = 1e-3
  private static let stepLimit = 60
  private static let conjugateStepLimit = 60

  /// w = 0, [F].
  var zero: [Double] { [Double](repeating: 0, count: ratios.count) }

  /// The w with the least f for a weight C of the data, looked for from `start` on.
  ///
  /// - Parameters:
  ///   - tolerance: The part of its norm at w = 0 to which the gradient is brought down.
  ///   - checkStop: Called before each step; what it throws ends the search.
  func solution(
    dataWeight: Double, from start: [Double], tolerance: Double = Self.tolerance,
    checkStop: () throws(ClassifierTrainingError) -> Void = {}
  ) throws(ClassifierTrainingError) -> [Double] {
    var weights = start
    var logits = logits(weights)
    let goal: Double = {
      let gradient = gradient(
        zero, [Double](repeating: bias, count: texts.count), dataWeight)
      return tolerance * Self.dot(gradient, gradient).squareRoot()
    }()
    var value = value(weights, logits, dataWeight)
    for _ in 0..<Self.stepLimit {
      try checkStop()
      let gradient = gradient(weights, logits, dataWeight)
      let norm = Self.dot(gradient, gradient).squareRoot()
      guard norm > goal else { break }
      let step = newtonStep(gradient, logits, dataWeight, goal: max(0.1 * norm, 0.5 * goal))
      let change = sums(step)
      let slope = Self.dot(gradient, step)
      var length = 1.0
      while true {
        var (moved, movedLogits) = (weights, logits)
        Self.add(step, times: length, to: &moved)
        Self.add(change, times: length, to: &movedLogits)
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
  func logits(_ weights: [Double]) -> [Double] { sums(weights).map { $0 + bias } }

  /// z without b, [N].
  private func sums(_ weights: [Double]) -> [Double] {
    rows.sums(zip(weights, ratios).map { $0 * $1 }, rows: texts, scales: scales)
  }

  /// f.
  private func value(_ weights: [Double], _ logits: [Double], _ dataWeight: Double) -> Double {
    var nats = 0.0
    for (index, logit) in logits.enumerated() {
      nats += textWeights[index] * Self.nats(answers[index] ? logit : -logit)
    }
    return Self.dot(weights, weights) / 2 + dataWeight * nats
  }

  /// The derivatives of f by w.
  private func gradient(
    _ weights: [Double], _ logits: [Double], _ dataWeight: Double
  ) -> [Double] {
    let slopes = logits.enumerated().map { index, logit in
      dataWeight * textWeights[index] * (Self.sigmoid(logit) - (answers[index] ? 1 : 0))
    }
    return penalized(weights, plus: slopes)
  }

  /// Solves (second derivatives) · step = −gradient by conjugate gradients, up to a residual.
  private func newtonStep(
    _ gradient: [Double], _ logits: [Double], _ dataWeight: Double, goal: Double
  ) -> [Double] {
    let curvatures = logits.enumerated().map { index, logit in
      let probability = Self.sigmoid(logit)
      return dataWeight * textWeights[index] * probability * (1 - probability)
    }
    var step = zero
    var residual = gradient.map { -$0 }
    var direction = residual
    var square = Self.dot(residual, residual)
    for _ in 0..<Self.conjugateStepLimit where square.squareRoot() > goal {
      let slopes = zip(sums(direction), curvatures).map { $0 * $1 }
      let product = penalized(direction, plus: slopes)
      let length = square / Self.dot(direction, product)
      Self.add(direction, times: length, to: &step)
      Self.add(product, times: -length, to: &residual)
      let next = Self.dot(residual, residual)
      var turned = residual
      Self.add(direction, times: next / square, to: &turned)
      (direction, square) = (turned, next)
    }
    return step
  }

  /// The weights, plus what slopes by the logits are by w.
  private func penalized(_ weights: [Double], plus slopes: [Double]) -> [Double] {
    var features = rows.spread(slopes, rows: texts, scales: scales)
    for place in features.indices {
      features[place] = weights[place] + ratios[place] * features[place]
    }
    return features
  }

  /// The sum of the products.
  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for place in left.indices { sum += left[place] * right[place] }
    return sum
  }

  /// Adds a multiple of a vector to another.
  private static func add(_ vector: [Double], times factor: Double, to sum: inout [Double]) {
    for place in sum.indices { sum[place] += factor * vector[place] }
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
