#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The learning rate as a function of the step, as data that a checkpoint can hold.
///
/// Steps count from 0. Any unit will do that all numbers of a schedule share: optimizer steps, epochs
/// or millionths of a time budget.
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
  /// The same rise, then a straight line down to `floor` at `totalSteps`, and `floor` from there on.
  case linear(peak: Double, warmupSteps: Int, totalSteps: Int, floor: Double)
  /// `rate` up to step `start`, and from there on times `factor` at once and again after every `every`
  /// steps: rate · factor^(⌊(t − start) / every⌋ + 1) for t ≥ start.
  ///
  /// With `start` = `every` this is PyTorch's StepLR; in epochs, with `every` = 1, char-rnn's decay by
  /// 0.97 an epoch from epoch 10.
  case step(rate: Double, factor: Double, every: Int, start: Int)
  /// Triangles between `base` and `peak`, from `base` up in `halfCycle` steps and down again in as
  /// many.
  ///
  /// Reference: Leslie Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.
  case cyclical(base: Double, peak: Double, halfCycle: Int)
  /// Up from `peak` / 25 by half a cosine in the first 0.3 of the steps, then down to
  /// `peak` / 250,000 by another; `momentum(_:)` goes the other way.
  ///
  /// With N steps in total the peak is at step 0.3 N − 1 and the end at N − 1, as in PyTorch's
  /// OneCycleLR. Reference: Leslie Smith and Nicholay Topin, "Super-Convergence", 2018.
  case oneCycle(peak: Double, totalSteps: Int)
  /// `rate`, times `factor` each time that evaluations have not improved for more than `patience` in a
  /// row, but not below `floor`. What evaluations have said is a `PlateauState` beside it.
  case plateau(rate: Double, factor: Double, patience: Int, floor: Double)

  /// The learning rate of step `step`, counted from 0; of a plateau at its state.
  public func callAsFunction(_ step: Int, plateau state: PlateauState = PlateauState()) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .cosine(let peak, let warmupSteps, let totalSteps, let floor):
      return Self.annealed(step, peak, warmupSteps, totalSteps, floor) {
        0.5 * (1 + cos(Double.pi * $0))
      }
    case .linear(let peak, let warmupSteps, let totalSteps, let floor):
      return Self.annealed(step, peak, warmupSteps, totalSteps, floor) { 1 - $0 }
    case .step(let rate, let factor, let every, let start):
      guard step >= start else { return rate }
      return rate * pow(factor, Double((step - start) / max(every, 1) + 1))
    case .cyclical(let base, let peak, let halfCycle):
      let position = Double(step) / Double(max(halfCycle, 1))
      let turns = 2 * (1 + position / 2).rounded(.down) - 1
      return base + (peak - base) * (1 - abs(position - turns))
    case .oneCycle(let peak, let totalSteps):
      return Self.cycled(step, totalSteps, from: peak / 25, to: peak, end: peak / 25 / 1e4)
    case .plateau(let rate, let factor, _, let floor):
      return max(floor, rate * pow(factor, Double(state.reductionCount)))
    }
  }

  /// The momentum, or β₁ of Adam, that goes with step `step`: of one-cycle from 0.95 down to 0.85 at
  /// the peak and back; nil for all others, which leave the optimizer its own.
  public func momentum(_ step: Int) -> Double? {
    guard case .oneCycle(_, let totalSteps) = self else { return nil }
    return Self.cycled(step, totalSteps, from: 0.95, to: 0.85, end: 0.95)
  }

  /// Warm-up, and then the part `shape(progress)` of the way from `floor` to `peak`.
  private static func annealed(
    _ step: Int, _ peak: Double, _ warmupSteps: Int, _ totalSteps: Int, _ floor: Double,
    _ shape: (Double) -> Double
  ) -> Double {
    if step < warmupSteps {
      return peak * Double(step + 1) / Double(warmupSteps + 1)
    }
    if step >= totalSteps { return floor }
    let progress = Double(step - warmupSteps) / Double(totalSteps - warmupSteps)
    return floor + shape(progress) * (peak - floor)
  }

  /// Half a cosine from `start` to `middle` at 0.3 of the steps, and another to `end` at the last.
  private static func cycled(
    _ step: Int, _ totalSteps: Int, from start: Double, to middle: Double, end: Double
  ) -> Double {
    let (turn, last) = (0.3 * Double(totalSteps) - 1, Double(totalSteps - 1))
    let time = min(Double(step), last)
    func anneal(_ from: Double, _ to: Double, _ progress: Double) -> Double {
      to + (from - to) / 2 * (1 + cos(Double.pi * progress))
    }
    if time <= turn { return anneal(start, middle, time / turn) }
    return anneal(middle, end, min(1, (time - max(turn, 0)) / max(last - max(turn, 0), 1)))
  }
}
