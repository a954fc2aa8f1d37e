#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Logistic regression with a penalty on the sizes of its weights, most of which become exactly 0.
///
/// ```
/// minimize over W and b:  1/n Σᵢ loss(W xᵢ + b, yᵢ) + λ Σ |W|
/// ```
///
/// The loss is −ln of the truth's probability, by softmax, or by a logistic function for each output and
/// then summed; b is not penalised. Solved by FISTA with restarts, in double precision; features are
/// centred for that, which moves b alone and not the solution.
///
/// References: Amir Beck and Marc Teboulle, "A Fast Iterative Shrinkage-Thresholding Algorithm for Linear
/// Inverse Problems", 2009; Brendan O'Donoghue and Emmanuel Candès, "Adaptive Restart for Accelerated
/// Gradient Schemes", 2015.
package struct SparseLogisticRegression {
  /// How scores become probabilities.
  package enum Link {
    case softmax, logistic
  }

  /// Weights [outputs, features] and biases [outputs].
  package struct Solution: Equatable {
    package var weights: [Double]
    package var biases: [Double]
  }

  private let exampleCount: Int
  private let featureCount: Int
  private let outputCount: Int
  /// One feature of all examples after the other, each with its mean taken away.
  private let columns: [Double]
  private let means: [Double]
  /// Of each output for all examples, 0 or 1.
  private let targets: [Double]
  private let link: Link
  /// The greatest eigenvalue of XᵀX / n.
  private let curvature: Double

  /// The most steps of one solution.
  private static let stepLimit = 1_000
  /// A solution is found when no weight's slope is farther off than this part of λ.
  private static let tolerance = 1e-3

  /// - Parameters:
  ///   - features: A row for each example, at least one, all of the same width.
  ///   - targets: A row for each example, 0 or 1 for each output.
  package init(_ features: [[Float]], targets: [[Double]], link: Link) {
    (exampleCount, featureCount) = (features.count, features[0].count)
    outputCount = targets[0].count
    self.link = link
    var columns = [Double](repeating: 0, count: exampleCount * featureCount)
    for (example, row) in features.enumerated() {
      for (feature, value) in row.enumerated() {
        columns[feature * exampleCount + example] = Double(value)
      }
    }
    var means = [Double](repeating: 0, count: featureCount)
    for feature in 0..<featureCount {
      let range = feature * exampleCount..<(feature + 1) * exampleCount
      let mean = columns[range].reduce(0, +) / Double(exampleCount)
      means[feature] = mean
      for place in range { columns[place] -= mean }
    }
    self.columns = columns
    self.means = means
    var own = [Double](repeating: 0, count: exampleCount * outputCount)
    for (example, row) in targets.enumerated() {
      for (output, value) in row.enumerated() { own[output * exampleCount + example] = value }
    }
    self.targets = own
    curvature = Self.curvature(columns, exampleCount: exampleCount, featureCount: featureCount)
  }

  /// The standard deviation of each feature.
  var deviations: [Double] {
    (0..<featureCount).map { feature in
      (dot(feature, columns, feature * exampleCount) / Double(exampleCount)).squareRoot()
    }
  }

  /// All zero.
  package var zero: Solution {
    Solution(
      weights: [Double](repeating: 0, count: outputCount * featureCount),
      biases: [Double](repeating: 0, count: outputCount))
  }

  /// The solution for λ, found from `start` on, that for a similar λ for example.
  package func solution(penalty: Double, from start: Solution) -> Solution {
    let slope = link == .softmax ? 0.5 : 0.25
    let step = 1 / Swift.max(slope * curvature, 1e-12)
    let biasStep = 1 / slope
    // Of centred features, from here on.
    var now = centred(start)
    var scores = self.scores(now)
    var (point, pointScores, momentum) = (now, scores, 1.0)
    for _ in 0..<Self.stepLimit {
      let residuals = self.residuals(pointScores)
      var next = point
      var farthest = 0.0
      for output in 0..<outputCount {
        let start = output * exampleCount
        for feature in 0..<featureCount {
          let place = output * featureCount + feature
          let moved = point.weights[place] - step * dot(feature, residuals, start)
          let shrunk = Swift.max(abs(moved) - step * penalty, 0)
          next.weights[place] = moved < 0 ? -shrunk : shrunk
          farthest = Swift.max(farthest, abs(next.weights[place] - point.weights[place]) / step)
        }
        let total = residuals[start..<start + exampleCount].reduce(0, +)
        next.biases[output] = point.biases[output] - biasStep * total
        farthest = Swift.max(farthest, abs(total))
      }
      let nextScores = self.scores(next)
      if farthest <= Self.tolerance * Swift.max(penalty, 1e-4) {
        now = next
        break
      }
      // Momentum that leads uphill is let go.
      var uphill = 0.0
      for place in next.weights.indices {
        uphill +=
          (point.weights[place] - next.weights[place]) * (next.weights[place] - now.weights[place])
      }
      let grown = uphill > 0 ? 1 : (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      let factor = uphill > 0 ? 0 : (momentum - 1) / grown
      momentum = grown
      func ahead(_ new: [Double], _ old: [Double]) -> [Double] {
        zip(new, old).map { $0 + factor * ($0 - $1) }
      }
      point.weights = ahead(next.weights, now.weights)
      point.biases = ahead(next.biases, now.biases)
      pointScores = ahead(nextScores, scores)
      (now, scores) = (next, nextScores)
    }
    return uncentred(now)
  }

  /// The same function of features without their means, and back.
  private func centred(_ solution: Solution) -> Solution { moved(solution, sign: 1) }
  private func uncentred(_ solution: Solution) -> Solution { moved(solution, sign: -1) }

  private func moved(_ solution: Solution, sign: Double) -> Solution {
    var result = solution
    for output in 0..<outputCount {
      for feature in 0..<featureCount {
        result.biases[output] +=
          sign * solution.weights[output * featureCount + feature] * means[feature]
      }
    }
    return result
  }

  /// W x + b of all examples, for each output.
  private func scores(_ solution: Solution) -> [Double] {
    var scores = [Double](repeating: 0, count: outputCount * exampleCount)
    for output in 0..<outputCount {
      let start = output * exampleCount
      for example in 0..<exampleCount { scores[start + example] = solution.biases[output] }
      for feature in 0..<featureCount {
        let weight = solution.weights[output * featureCount + feature]
        guard weight != 0 else { continue }
        Self.add(weight, columns, feature * exampleCount, to: &scores, start, count: exampleCount)
      }
    }
    return scores
  }

  /// (p − y) / n.
  private func residuals(_ scores: [Double]) -> [Double] {
    var residuals = scores
    let scale = 1 / Double(exampleCount)
    switch link {
    case .logistic:
      for place in scores.indices {
        residuals[place] = (1 / (1 + exp(-scores[place])) - targets[place]) * scale
      }
    case .softmax:
      for example in 0..<exampleCount {
        let places = stride(from: example, to: scores.count, by: exampleCount)
        let greatest = places.reduce(-Double.infinity) { Swift.max($0, scores[$1]) }
        let total = places.reduce(0) { $0 + exp(scores[$1] - greatest) }
        for place in places {
          residuals[place] = (exp(scores[place] - greatest) / total - targets[place]) * scale
        }
      }
    }
    return residuals
  }

  private func dot(_ feature: Int, _ vector: [Double], _ start: Int) -> Double {
    Self.dot(columns, feature * exampleCount, vector, start, count: exampleCount)
  }

  /// In four sums, which do not wait for each other.
  private static func dot(
    _ left: [Double], _ leftStart: Int, _ right: [Double], _ rightStart: Int, count: Int
  ) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
        var index = 0
        while index + 4 <= count {
          let (one, other) = (leftStart + index, rightStart + index)
          a += left[one] * right[other]
          b += left[one + 1] * right[other + 1]
          c += left[one + 2] * right[other + 2]
          d += left[one + 3] * right[other + 3]
          index += 4
        }
        while index < count {
          a += left[leftStart + index] * right[rightStart + index]
          index += 1
        }
        return (a + b) + (c + d)
      }
    }
  }

  /// Adds a multiple of one vector to another.
  private static func add(
    _ factor: Double, _ source: [Double], _ sourceStart: Int, to target: inout [Double],
    _ targetStart: Int, count: Int
  ) {
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        for index in 0..<count {
          target[targetStart + index] += factor * source[sourceStart + index]
        }
      }
    }
  }

  /// By power iteration, and a tenth more because that comes from below.
  private static func curvature(
    _ columns: [Double], exampleCount: Int, featureCount: Int
  ) -> Double {
    var random = RandomSource(seed: 1)
    var direction = (0..<featureCount).map { _ in random.nextNormal() }
    var found = 0.0
    for _ in 0..<50 {
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { break }
      var image = [Double](repeating: 0, count: exampleCount)
      for feature in 0..<featureCount {
        add(
          direction[feature] / length, columns, feature * exampleCount, to: &image, 0,
          count: exampleCount)
      }
      direction = (0..<featureCount).map {
        dot(columns, $0 * exampleCount, image, 0, count: exampleCount) / Double(exampleCount)
      }
      found = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return 1.1 * found
  }
}
