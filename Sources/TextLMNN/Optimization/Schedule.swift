#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The learning rate as a function of the step, as data that a checkpoint can hold.
public enum Schedule: Sendable, Equatable, Codable {
  /// The same rate at every step.
  case constant(rate: Double)
  /// A linear rise to `peak` during `warmupSteps`, then half a cosine down to `floor` at
  /// `totalSteps`, and `floor` from there on.
  ///
  /// With step t from 0, W warmup steps and N in total:
  ///
  /// ```
  /// peak (t + 1) / (W + 1)                                  for t < W
  /// floor + ½ (1 + cos π (t − W) / (N − W)) (peak − floor)  for W ≤ t < N
  /// ```
  ///
  /// This is nanoGPT's form, whose first step is never zero.
  case cosine(peak: Double, warmupSteps: Int, totalSteps: Int, floor: Double)

  /// The learning rate of step `step`, counted from 0.
  public func callAsFunction(_ step: Int) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .cosine(let peak, let warmupSteps, let totalSteps, let floor):
      if step < warmupSteps {
        return peak * Double(step + 1) / Double(warmupSteps + 1)
      }
      if step >= totalSteps { return floor }
      let progress = Double(step - warmupSteps) / Double(totalSteps - warmupSteps)
      return floor + 0.5 * (1 + cos(Double.pi * progress)) * (peak - floor)
    }
  }
}
