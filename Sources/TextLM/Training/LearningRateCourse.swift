/// The course of the learning rate after warming up, in units that do not depend on the text's size.
public enum LearningRateCourse: Sendable, Equatable {
  /// The peak all along.
  case constant
  /// Half a cosine from the peak down to the floor.
  case cosine
  /// A straight line from the peak down to the floor.
  case linear
  /// The peak times `factor` from epoch `fromEpoch` on, and again every `everyEpochs`, counted from 0.
  case step(factor: Double, everyEpochs: Int, fromEpoch: Int)
  /// Triangles between the floor and the peak, of two half-cycles of so many epochs; without warm-up.
  case cyclical(halfCycleEpochs: Double)
  /// Up to the peak and down to next to nothing, with the momentum going the other way; its first part
  /// is its warm-up. See `Schedule.oneCycle`.
  case oneCycle
  /// Times `factor` each time that more than `patience` evaluations in a row were no better.
  case plateau(factor: Double, patience: Int)

  /// What `--schedule` and stored runs call it.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .linear: "linear"
    case .step: "step"
    case .cyclical: "cyclical"
    case .oneCycle: "one-cycle"
    case .plateau: "plateau"
    }
  }

  /// One of each, with the numbers that are taken when none are given: char-rnn's decay of 0.97 an
  /// epoch from epoch 10, half-cycles of two epochs, and half the rate after three evaluations.
  public static let standards: [LearningRateCourse] = [
    .constant, .cosine, .linear, .step(factor: 0.97, everyEpochs: 1, fromEpoch: 10),
    .cyclical(halfCycleEpochs: 2), .oneCycle, .plateau(factor: 0.5, patience: 3),
  ]
}

extension LearningRateCourse {
  /// Its numbers, as members of a stored run beside its name.
  func append(to object: inout JSONObject) {
    object.append("schedule", JSONValue(name))
    switch self {
    case .constant, .cosine, .linear, .oneCycle: break
    case .step(let factor, let every, let from):
      object.append("decay_factor", JSONValue(factor))
      object.append("decay_every", JSONValue(every))
      object.append("decay_from", JSONValue(from))
    case .cyclical(let halfCycle):
      object.append("half_cycle", JSONValue(halfCycle))
    case .plateau(let factor, let patience):
      object.append("decay_factor", JSONValue(factor))
      object.append("plateau_patience", JSONValue(patience))
    }
  }

  init(_ json: JSONField) throws {
    let name = try json.string("schedule")
    guard let standard = Self.standards.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else {
      throw JSONFieldError.outOfRange(
        path: json.path + ".schedule",
        expected: "one of " + Self.standards.map(\.name).joined(separator: ", "),
        found: JSONValue(name).summary)
    }
    let counts = 1...1 << 24
    switch standard {
    case .constant, .cosine, .linear, .oneCycle:
      self = standard
    case .step:
      self = .step(
        factor: try json.double("decay_factor", in: 0...1),
        everyEpochs: try json.int("decay_every", in: counts),
        fromEpoch: try json.int("decay_from", in: 0...1 << 24))
    case .cyclical:
      self = .cyclical(halfCycleEpochs: try json.double("half_cycle", in: 1e-6...1e6))
    case .plateau:
      self = .plateau(
        factor: try json.double("decay_factor", in: 0...1),
        patience: try json.int("plateau_patience", in: 0...1 << 24))
    }
  }
}
