#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the temperature at which predictions cost least, by Newton's method.
///
/// With the inverse temperature β = 1 / τ, a prediction of t from logits z costs
///
/// ```
/// ℓ(β) = ln Σ e^(β z) − β z_t;  ℓ′ = E[z] − z_t;  ℓ″ = Var[z]       under softmax(β z)
/// ```
///
/// which is convex, so that there is one least. Steps that leave where it can still be are replaced
/// by the middle.
struct TemperatureSearch {
  /// The cost of predictions and its derivatives by β, at one β.
  struct Sums {
    var nats = 0.0
    var slope = 0.0
    var curvature = 0.0
    var count = 0
  }

  /// The temperatures that are looked at; a model that is never wrong would want none at all.
  static let temperatures = 0.05...20.0
  /// β.
  private(set) var inverse = 1.0
  private var bounds = 1 / temperatures.upperBound...1 / temperatures.lowerBound

  /// Moves to a better β given the sums at the present one; false, with nothing done, where the next
  /// would be the same to a ten-thousandth, or where β hardly matters.
  mutating func advance(_ sums: Sums) -> Bool {
    guard abs(sums.slope) > 1e-7 * Double(sums.count) else { return false }
    bounds =
      sums.slope > 0
      ? bounds.lowerBound...max(inverse, bounds.lowerBound)
      : min(inverse, bounds.upperBound)...bounds.upperBound
    var next = inverse - sums.slope / sums.curvature
    if !(bounds.lowerBound < next && next < bounds.upperBound) {
      next = (bounds.lowerBound * bounds.upperBound).squareRoot()
    }
    guard abs(next - inverse) > 1e-4 * inverse else { return false }
    inverse = next
    return true
  }
}

extension TemperatureSearch.Sums {
  /// Adds a prediction of `target` from logits [V] that are multiplied with `inverse`; returns the
  /// probability of the likeliest token and whether it is the target, the first of equals.
  @discardableResult
  mutating func add(
    _ target: TokenID, _ logits: UnsafeBufferPointer<Float>, inverse: Double
  ) -> (confidence: Double, isCorrect: Bool) {
    var best = 0
    for (token, logit) in logits.enumerated() where logit > logits[best] { best = token }
    let greatest = Double(logits[best])
    // Moments of z − greatest, which has the same variance.
    var (total, first, second) = (0.0, 0.0, 0.0)
    for logit in logits {
      let difference = Double(logit) - greatest
      let weight = exp(inverse * difference)
      total += weight
      first += weight * difference
      second += weight * difference * difference
    }
    let mean = first / total
    let own = Double(logits[Int(target)]) - greatest
    nats += log(total) - inverse * own
    slope += mean - own
    curvature += max(second / total - mean * mean, 0)
    count += 1
    return (1 / total, best == Int(target))
  }
}
