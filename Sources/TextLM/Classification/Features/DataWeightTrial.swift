#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well a weight of the data did on texts that were held out.
public struct DataWeightTrial: Sendable, Equatable {
  /// C, the weight of the data against the penalty.
  public let dataWeight: Double
  /// What the sums of the features' weights were divided by so that the probabilities cost least.
  public let temperature: Double
  /// What a held out text cost at that temperature, in nats; with several labels a text, the mean
  /// of all labels'.
  public let nats: Double
  /// The part of the held out texts that were given just their labels.
  public let accuracy: Double
}

extension DataWeightTrial {
  /// Looks for the temperature at which predictions cost least.
  ///
  /// The truth of n texts counts as n + 1 of n + 2 parts, as if one text more had been answered right
  /// and one wrong: n texts that were all answered right say no more than that. Reference: John Platt,
  /// "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized Likelihood
  /// Methods", 1999.
  ///
  /// - Parameters:
  ///   - dataWeight: What made them.
  ///   - sums: Of the weights of the features of each held out text, [texts][Q].
  ///   - biases: What the logits are without any feature, which no temperature changes, [Q].
  ///   - truth: The classes of those texts.
  init(
    dataWeight: Double, sums: [[Double]], biases: [Double], truth: [[Int]],
    _ questions: ClassQuestions
  ) {
    func mean(_ temperature: Double, _ value: ([Double], [Int]) -> Double) -> Double {
      let total = zip(sums, truth).reduce(0.0) { total, text in
        total
          + value(
            questions.probabilities(biases: biases, sums: text.0, temperature: temperature), text.1)
      }
      return total / Double(truth.count)
    }
    let doubt = 1 / Double(truth.count + 2)
    func cost(_ temperature: Double) -> Double {
      mean(temperature) { questions.nats($0, $1, doubt: doubt) }
    }
    // Golden section on the logarithm, of which the cost has one least, from 1/32 to 32.
    let part = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-5.0, 5.0)
    var (left, right) = (high - part * (high - low), low + part * (high - low))
    var (leftCost, rightCost) = (cost(exp2(left)), cost(exp2(right)))
    for _ in 0..<26 {
      if leftCost <= rightCost {
        (high, right, rightCost) = (right, left, leftCost)
        left = high - part * (high - low)
        leftCost = cost(exp2(left))
      } else {
        (low, left, leftCost) = (left, right, rightCost)
        right = low + part * (high - low)
        rightCost = cost(exp2(right))
      }
    }
    // Where no temperature is better than another, nothing justifies any.
    let best = exp2((low + high) / 2)
    let found = cost(best) < cost(1) ? best : 1
    self.dataWeight = dataWeight
    temperature = found
    nats = mean(found) { questions.nats($0, $1) }
    accuracy = mean(found) { questions.prediction($0) == $1.sorted() ? 1 : 0 }
  }
}
