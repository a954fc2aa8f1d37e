extension OptimizerRule {
  /// What `--optimizer` and stored runs call it.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .rmsprop: "rmsprop"
    case .adam: "adam"
    case .adamw: "adamw"
    }
  }

  /// One of each, with the numbers that are taken when none are given: SGD with a momentum of 0.9,
  /// RMSProp with char-rnn's 0.95, and Adam with a β₂ that suits short trainings.
  public static let standards: [OptimizerRule] = [
    .sgd(momentum: 0.9, dampening: 0, isNesterov: false),
    .rmsprop(decayRate: 0.95, epsilon: 1e-8, momentum: 0, isCentered: false),
    .adam(firstDecayRate: 0.9, secondDecayRate: 0.99, epsilon: 1e-8), .standard,
  ]

  /// Its members of a stored run.
  func append(to object: inout JSONObject) {
    object.append("optimizer", JSONValue(name))
    switch self {
    case .sgd(let momentum, let dampening, let isNesterov):
      object.append("momentum", JSONValue(momentum))
      object.append("dampening", JSONValue(dampening))
      object.append("nesterov", JSONValue(isNesterov))
    case .rmsprop(let decayRate, let epsilon, let momentum, let isCentered):
      object.append("decay_rate", JSONValue(decayRate))
      object.append("epsilon", JSONValue(epsilon))
      object.append("momentum", JSONValue(momentum))
      object.append("centered", JSONValue(isCentered))
    case .adam(let first, let second, let epsilon), .adamw(let first, let second, let epsilon):
      object.append("beta1", JSONValue(first))
      object.append("beta2", JSONValue(second))
      object.append("epsilon", JSONValue(epsilon))
    }
  }

  /// Reads a stored run; runs from before there was a choice have only the name.
  init(_ json: JSONField) throws {
    let name = try json.string("optimizer")
    guard let standard = Self.standards.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else {
      throw JSONFieldError.outOfRange(
        path: json.path + ".optimizer",
        expected: "one of " + Self.standards.map(\.name).joined(separator: ", "),
        found: JSONValue(name).summary)
    }
    func number(_ key: String, _ standard: Double) throws -> Double {
      try json.optionalField(key)?.double(in: 0...1) ?? standard
    }
    switch standard {
    case .sgd(let momentum, let dampening, let isNesterov):
      self = .sgd(
        momentum: try number("momentum", momentum), dampening: try number("dampening", dampening),
        isNesterov: try json.optionalField("nesterov")?.bool() ?? isNesterov)
    case .rmsprop(let decayRate, let epsilon, let momentum, let isCentered):
      self = .rmsprop(
        decayRate: try number("decay_rate", decayRate), epsilon: try number("epsilon", epsilon),
        momentum: try number("momentum", momentum),
        isCentered: try json.optionalField("centered")?.bool() ?? isCentered)
    case .adam(let first, let second, let epsilon):
      self = .adam(
        firstDecayRate: try number("beta1", first), secondDecayRate: try number("beta2", second),
        epsilon: try number("epsilon", epsilon))
    case .adamw(let first, let second, let epsilon):
      self = .adamw(
        firstDecayRate: try number("beta1", first), secondDecayRate: try number("beta2", second),
        epsilon: try number("epsilon", epsilon))
    }
  }
}
