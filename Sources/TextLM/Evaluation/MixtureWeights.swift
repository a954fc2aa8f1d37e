#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts that several models have in a mixture: each at least 0, together 1.
public struct MixtureWeights: Sendable, Equatable {
  /// One for each model.
  public let values: [Double]

  /// All equal.
  public init(equalFor count: Int) {
    values = [Double](repeating: 1 / Double(count), count: count)
  }

  /// Given ones; those of the first model are what the `others` leave.
  ///
  /// Throws `MixtureError.weights` for one that is not from 0 to 1, or where nothing is left.
  public init(others: [Double]) throws(MixtureError) {
    let sum = others.reduce(0, +)
    guard others.allSatisfy({ $0 >= 0 && $0 <= 1 }), sum <= 1 else { throw .weights(others) }
    values = [1 - sum] + others
  }

  /// Those with which a text costs least, found by expectation maximization: w_k becomes the mean
  /// over tokens of w_k p_k / Σ w_j p_j until the mean cost falls by less than a ten-millionth.
  ///
  /// `costs` are the nats of each token for each of the models, [K, T]. Each step costs K · T
  /// operations.
  ///
  /// Reference: Frederick Jelinek and Robert L. Mercer, "Interpolated Estimation of Markov Source
  /// Parameters from Sparse Data", 1980.
  public init(tunedFor costs: [[Double]]) {
    let tokenCount = costs.first?.count ?? 0
    var weights = MixtureWeights(equalFor: costs.count).values
    guard tokenCount > 0 else {
      values = weights
      return
    }
    var last = Double.infinity
    while true {
      var (sums, nats) = ([Double](repeating: 0, count: costs.count), 0.0)
      for token in 0..<tokenCount {
        let least = costs.reduce(Double.infinity) { min($0, $1[token]) }
        let parts = costs.indices.map { weights[$0] * exp(least - costs[$0][token]) }
        let total = parts.reduce(0, +)
        for index in parts.indices { sums[index] += parts[index] / total }
        nats += least - log(total)
      }
      let mean = nats / Double(tokenCount)
      guard mean < last - 1e-7 else { break }
      last = mean
      weights = sums.map { $0 / Double(tokenCount) }
    }
    values = weights
  }

  /// What a token costs together, −ln Σ w_k p_k, in nats, where it costs `costs` alone.
  func mixed(_ costs: [Double]) -> Double {
    // Less the least, so that no probability is too small to be added.
    let least = costs.reduce(Double.infinity, min)
    let sum = zip(values, costs).reduce(0) { $0 + $1.0 * exp(least - $1.1) }
    return least - log(sum)
  }
}
