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
  /// What the logits were divided by so that the probabilities cost least.
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
  /// - Parameters:
  ///   - dataWeight: What made them.
  ///   - logits: Of each question about each held out text, [texts][Q].
  ///   - truth: The classes of those texts.
  init(dataWeight: Double, logits: [[Double]], truth: [[Int]], _ questions: ClassQuestions) {
    func cost(_ temperature: Double) -> Double {
      var sum = 0.0
      for (logits, classes) in zip(logits, truth) {
        sum += questions.nats(questions.probabilities(logits.map { $0 / temperature }), classes)
      }
      return sum / Double(truth.count)
    }
    // Golden section on the logarithm, of which the cost has one least: from 1/4 to 4, for few
    // texts that are all answered right would want none at all.
    let part = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-2.0, 2.0)
    var (left, right) = (high - part * (high - low), low + part * (high - low))
    var (leftCost, rightCost) = (cost(exp2(left)), cost(exp2(right)))
    for _ in 0..<24 {
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
    let correct = zip(logits, truth).count { logits, classes in
      questions.prediction(questions.probabilities(logits)) == classes.sorted()
    }
    self.dataWeight = dataWeight
    temperature = exp2((low + high) / 2)
    nats = min(leftCost, rightCost)
    accuracy = Double(correct) / Double(truth.count)
  }
}
