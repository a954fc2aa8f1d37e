/// How long a training is, and the learning rate on the way.
public struct LearningRatePlan: Sendable, Equatable {
  /// When a training ends.
  public enum Horizon: Sendable, Equatable {
    /// After so many optimizer steps; such a training can be repeated bit for bit.
    case steps(Int)
    /// After so many passes over the text; it can be repeated likewise.
    case epochs(Int)
    /// After so much time, in seconds; the number of steps is the machine's affair.
    case seconds(Double)
  }

  /// The greatest rate.
  public var peak: Double
  /// The least rate, as a part of the peak.
  public var floorRatio: Double
  /// Steps of the linear rise to the peak.
  public var warmupSteps: Int
  /// The course after warming up.
  public var course: LearningRateCourse
  /// The end.
  public var horizon: Horizon
  /// Epochs after which a training by time ends early; nil for none.
  public var mostEpochs: Int?

  /// A plan of these parts.
  public init(
    peak: Double, floorRatio: Double = 0.01, warmupSteps: Int,
    course: LearningRateCourse = .cosine, horizon: Horizon, mostEpochs: Int? = nil
  ) {
    self.peak = peak
    self.floorRatio = floorRatio
    self.warmupSteps = warmupSteps
    self.course = course
    self.horizon = horizon
    self.mostEpochs = mostEpochs
  }

  /// Takes another end, which epochs that were chosen for the end before do not bound.
  mutating func goOn(to horizon: Horizon) {
    self.horizon = horizon
    mostEpochs = nil
  }

  /// How far a training is.
  public struct Position: Sendable, Equatable {
    /// Steps taken.
    public var step: Int
    /// Epochs done, with the part of the present one.
    public var epochs: Double
    /// Steps in an epoch.
    public var stepsPerEpoch: Int
    /// Seconds that have passed.
    public var seconds: Double
    /// Seconds there are for steps.
    public var usableSeconds: Double
    /// What evaluations have said, for a course that waits for them.
    public var plateau: PlateauState

    /// After `step` steps; the rest matters to plans that depend on it.
    public init(
      step: Int, epochs: Double = 0, stepsPerEpoch: Int = 1, seconds: Double = 0,
      usableSeconds: Double = 0, plateau: PlateauState = PlateauState()
    ) {
      self.step = step
      self.epochs = epochs
      self.stepsPerEpoch = stepsPerEpoch
      self.seconds = seconds
      self.usableSeconds = usableSeconds
      self.plateau = plateau
    }
  }

  /// The rate of the next step.
  ///
  /// By steps it is that of `Schedule`; by epochs and by time the same curve with the part that is
  /// done in the place of steps, so that it reaches the floor at the end however fast the machine
  /// was.
  public func rate(at position: Position) -> Double {
    let (step, warmup) = (
      position.step, min(1, Double(position.step + 1) / (Double(warmupSteps) + 1))
    )
    let floor = floorRatio * peak
    switch course {
    case .constant:
      return peak * warmup
    case .cosine, .linear:
      if case .steps(let total) = horizon {
        return annealing(
          warmupSteps: min(warmupSteps, max(total - 1, 0)), totalSteps: total)(step)
      }
      return warmup * annealing(warmupSteps: 0, totalSteps: Self.parts)(part(position))
    case .oneCycle:
      let (place, total) = cyclePlace(position)
      return Schedule.oneCycle(peak: peak, totalSteps: total)(place)
    case .step(let factor, let every, let start):
      let schedule = Schedule.step(rate: peak, factor: factor, every: every, start: start)
      return warmup * schedule(Self.whole(position.epochs))
    case .cyclical(let halfCycle):
      let steps = max(1, Self.whole(halfCycle * Double(position.stepsPerEpoch)))
      return Schedule.cyclical(base: floor, peak: peak, halfCycle: steps)(step)
    case .plateau(let factor, let patience):
      let schedule = Schedule.plateau(
        rate: peak, factor: factor, patience: patience, floor: floor)
      return warmup * schedule(step, plateau: position.plateau)
    }
  }

  /// The momentum that goes with the rate of the next step; nil for the optimizer's own.
  public func momentum(at position: Position) -> Double? {
    guard course == .oneCycle else { return nil }
    let (place, total) = cyclePlace(position)
    return Schedule.oneCycle(peak: peak, totalSteps: total).momentum(place)
  }

  /// The part of the training that is done, 0 to 1.
  ///
  /// A training by time that may take no more than some epochs goes by these, unless the time leads by
  /// more than a twentieth: so it can be repeated bit for bit on any machine that is fast enough.
  public func fractionDone(_ position: Position) -> Double {
    let fraction: Double
    switch horizon {
    case .steps(let total): fraction = total > 0 ? Double(position.step) / Double(total) : 1
    case .epochs(let total): fraction = total > 0 ? position.epochs / Double(total) : 1
    case .seconds:
      let time = position.seconds / max(position.usableSeconds, 1e-3)
      if let mostEpochs {
        fraction = max(position.epochs / Double(max(mostEpochs, 1)), (time - 0.05) / 0.95)
      } else {
        fraction = time
      }
    }
    return min(1, max(0, fraction))
  }

  private static let parts = 1_000_000

  private func part(_ position: Position) -> Int {
    Int(Double(Self.parts) * fractionDone(position))
  }

  private func cyclePlace(_ position: Position) -> (place: Int, total: Int) {
    if case .steps(let total) = horizon { return (position.step, max(total, 1)) }
    return (part(position), Self.parts)
  }

  private func annealing(warmupSteps: Int, totalSteps: Int) -> Schedule {
    let floor = floorRatio * peak
    return course == .linear
      ? .linear(peak: peak, warmupSteps: warmupSteps, totalSteps: totalSteps, floor: floor)
      : .cosine(peak: peak, warmupSteps: warmupSteps, totalSteps: totalSteps, floor: floor)
  }

  private static func whole(_ number: Double) -> Int { Int(min(max(number, 0), 1e15)) }
}
