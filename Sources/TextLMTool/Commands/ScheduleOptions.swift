import ArgumentParser
import TextLM

/// The learning rate on the way.
struct ScheduleOptions: ParsableArguments {
  /// The courses by name.
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case cosine
    case constant
    case linear
    case step
    case cyclical
    case oneCycle = "one-cycle"
    case plateau
  }

  @Option(
    help: ArgumentHelp(
      """
      The learning rate's course after warming up: cosine, which is the default, and linear fall to \
      --lr-floor at the end; constant stays; step falls every few epochs; cyclical goes up and down; \
      one-cycle goes up and down once; plateau falls when evaluations become no better.
      """, valueName: "name"))
  var schedule: Name?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Steps in which the learning rate rises to its greatest; more when the start diverges. The \
      default is 20, or a tenth of --max-steps where that is less; not for cyclical and one-cycle.
      """, valueName: "n"))
  var warmupSteps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The least learning rate of cosine, linear, cyclical and plateau, as a part of the greatest. The \
      default is 0.01; a greater one learns on at the end, and ends less settled.
      """, valueName: "part"))
  var lrFloor: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What step and plateau multiply the rate with: 0.97 and 0.5 by default.",
      valueName: "factor"))
  var decayFactor: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs from one fall of step to the next; 1 by default.", valueName: "n"))
  var decayEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The epoch of step's first fall, from 0; 10 by default.", valueName: "n"))
  var decayFrom: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Epochs of cyclical from its least rate to its greatest; 2 by default.", valueName: "n"))
  var halfCycle: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Evaluations in a row without a gain that plateau waits through; 3 by default.",
      valueName: "n"))
  var plateauPatience: Int?

  func validate() throws {
    if let warmupSteps, warmupSteps < 0 {
      throw ValidationError("--warmup-steps is \(warmupSteps), but must be 0 or more")
    }
    for (name, value) in [("--lr-floor", lrFloor), ("--decay-factor", decayFactor)] {
      if let value, !(value >= 0 && value <= 1) {
        throw ValidationError("\(name) is \(value), but must be from 0 to 1")
      }
    }
    for (name, value, least) in [
      ("--decay-every", decayEvery, 1), ("--decay-from", decayFrom, 0),
      ("--plateau-patience", plateauPatience, 0),
    ] {
      if let value, value < least || value > 1 << 24 {
        throw ValidationError("\(name) is \(value), but must be from \(least) to \(1 << 24)")
      }
    }
    if let halfCycle, !(halfCycle >= 1e-6 && halfCycle <= 1e6) {
      throw ValidationError("--half-cycle is \(halfCycle), but must be from 1e-6 to 1e6")
    }
  }

  /// Refuses numbers of another course, which would change nothing. A resumed run has its own.
  func checkNumbers() throws {
    let name = schedule ?? .cosine
    for (option, isGiven, takers) in [
      ("--lr-floor", lrFloor != nil, [Name.cosine, .linear, .cyclical, .plateau]),
      ("--decay-factor", decayFactor != nil, [.step, .plateau]),
      ("--decay-every", decayEvery != nil, [.step]), ("--decay-from", decayFrom != nil, [.step]),
      ("--half-cycle", halfCycle != nil, [.cyclical]),
      ("--plateau-patience", plateauPatience != nil, [.plateau]),
      (
        "--warmup-steps", warmupSteps != nil,
        Name.allCases.filter { $0 != .cyclical && $0 != .oneCycle }
      ),
    ] where isGiven && !takers.contains(name) {
      throw ValidationError(
        "\(option) means nothing to \(name.rawValue): it belongs to --schedule "
          + takers.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// Steps of warming up in a training of this length.
  func warmup(of horizon: LearningRatePlan.Horizon?) -> Int {
    if let warmupSteps { return warmupSteps }
    if case .steps(let total) = horizon { return min(20, total / 10) }
    return 20
  }

  /// The course that was asked for.
  var course: LearningRateCourse {
    switch schedule ?? .cosine {
    case .cosine: .cosine
    case .constant: .constant
    case .linear: .linear
    case .step:
      .step(
        factor: decayFactor ?? 0.97, everyEpochs: decayEvery ?? 1, fromEpoch: decayFrom ?? 10)
    case .cyclical: .cyclical(halfCycleEpochs: halfCycle ?? 2)
    case .oneCycle: .oneCycle
    case .plateau: .plateau(factor: decayFactor ?? 0.5, patience: plateauPatience ?? 3)
    }
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--schedule", schedule.map { .word($0.rawValue) }, "schedule"),
      FixedOption("--warmup-steps", warmupSteps.map { .number(Double($0)) }, "warmup_steps"),
      FixedOption("--lr-floor", lrFloor.map { .number($0) }, "floor_ratio"),
      FixedOption("--decay-factor", decayFactor.map { .number($0) }, "decay_factor"),
      FixedOption("--decay-every", decayEvery.map { .number(Double($0)) }, "decay_every"),
      FixedOption("--decay-from", decayFrom.map { .number(Double($0)) }, "decay_from"),
      FixedOption("--half-cycle", halfCycle.map { .number($0) }, "half_cycle"),
      FixedOption(
        "--plateau-patience", plateauPatience.map { .number(Double($0)) }, "plateau_patience"),
    ].compactMap { $0 }
  }
}
