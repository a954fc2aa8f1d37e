#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The sum with attention of the outputs of one text that come in windows.
///
/// What is kept are sums with the weights e^(s − g), g being the greatest score s so far: a greater one
/// shrinks them once. Reference: Maxim Milakov and Natalia Gimelshein, "Online normalizer calculation for
/// softmax", 2018.
struct AttentionSum {
  private var scores: [Double] = []
  private var greatest = -Double.infinity
  private var total = 0.0
  private var sums: [Double] = []

  /// Takes the outputs [T, 1, D] of a window and the scores [T, 1] of its steps.
  mutating func add(_ output: Tensor, scores: Tensor) {
    let (values, width) = (output.array, output.shape[2])
    if sums.isEmpty { sums = [Double](repeating: 0, count: width) }
    for (step, score) in scores.array.map(Double.init).enumerated() {
      if score > greatest {
        let factor = exp(greatest - score)
        total *= factor
        for column in sums.indices { sums[column] *= factor }
        greatest = score
      }
      let weight = exp(score - greatest)
      total += weight
      for column in sums.indices { sums[column] += weight * Double(values[step * width + column]) }
      self.scores.append(score)
    }
  }

  /// The sum, [D].
  var vector: [Float] { sums.map { Float($0 / total) } }
  /// The weight of each step.
  var weights: [Float] { scores.map { Float(exp($0 - greatest) / total) } }
}
