#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a text has shown so far, by where it was shown: the continuous cache of a language model.
///
/// A token is likely to come where it came before when the model was in much the same state:
///
/// ```
/// p_cache(v) ∝ Σ_i e^(θ h_t · h_i) [x_(i+1) = v]        over the last N pairs of h_i and x_(i+1)
/// p(v) = (1 − λ) p_model(v) + λ p_cache(v)
/// ```
///
/// Nothing is learned: the cache costs one product of the states per token. It knows words and names
/// that a text repeats, and helps a weak model most. A value: a copy remembers what the original did.
///
/// Reference: Édouard Grave, Armand Joulin and Nicolas Usunier, "Improving Neural Language Models
/// with a Continuous Cache", 2017.
public struct NeuralCache: Sendable, Equatable {
  /// N, how many of the last tokens are remembered.
  public let length: Int
  /// θ: at 0 all remembered tokens count the same, the greater it is the more only those whose state
  /// was most alike.
  public let flatness: Double
  /// λ, the cache's part of the probabilities.
  public let weight: Double
  /// h_i, a row for each of `tokens`.
  private var states: [Float] = []
  /// x_(i+1)
  private var tokens: [TokenID] = []

  /// An empty cache. The defaults suit characters and states of length 1.
  ///
  /// Throws `AdaptationError` for a length below 1, a negative flatness, or a weight that is not in
  /// 0 ..< 1.
  public init(
    length: Int = 2000, flatness: Double = 20, weight: Double = 0.1
  ) throws(AdaptationError) {
    guard length >= 1 else {
      throw .outOfRange(name: "cache length", value: "\(length)", allowed: "1 or more")
    }
    try AdaptationError.check(flatness, "cache flatness", in: 0..<1e6)
    try AdaptationError.check(weight, "cache weight", in: 0..<1)
    self.length = length
    self.flatness = flatness
    self.weight = weight
  }

  /// The probabilities of targets that the model gave `probabilities` to, each with the cache of all
  /// before it; the targets are then remembered.
  ///
  /// `hidden` is [T, H], h at each of the T targets. While nothing is remembered, probabilities stay as
  /// they are. Requires as many of all, and the same H each time. Work is O(T N H).
  public mutating func mix(
    _ probabilities: [Double], of targets: [TokenID], hidden: Tensor
  ) -> [Double] {
    let (count, width) = (targets.count, hidden.shape.width)
    let stored = tokens.count
    require(
      hidden.shape == [count, width] && probabilities.count == count
        && states.count == stored * width,
      "neural cache: \(count) targets, \(probabilities.count) probabilities, states \(hidden.shape)"
    )
    hidden.withUnsafeBuffer { states.append(contentsOf: $0) }
    tokens += targets
    let likeness = Tensor.product(
      hidden, Tensor(states, shape: [stored + count, width]), transposeRight: true,
      precision: .float32)  // [T, stored + T]
    let mixed = likeness.withUnsafeBuffer { likeness in
      targets.indices.map { step -> Double in
        let seen = max(0, stored + step - length)..<stored + step
        guard !seen.isEmpty else { return probabilities[step] }
        let row = likeness.extracting(step * tokens.count..<(step + 1) * tokens.count)
        let greatest = seen.reduce(-Float.infinity) { max($0, row[$1]) }
        var (total, own) = (0.0, 0.0)
        for place in seen {
          let part = exp(flatness * Double(row[place] - greatest))
          total += part
          if tokens[place] == targets[step] { own += part }
        }
        return (1 - weight) * probabilities[step] + weight * own / total
      }
    }
    let excess = max(tokens.count - length, 0)
    tokens.removeFirst(excess)
    states.removeFirst(excess * width)
    return mixed
  }
}
