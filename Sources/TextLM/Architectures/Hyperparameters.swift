/// A complete and allowed set of an architecture's hyperparameters.
///
/// Made from text, from a model file or from nothing; whatever is not said takes its standard
/// value, and a name that the architecture does not know is an error that lists those it does.
public struct Hyperparameters: Sendable, Equatable {
  private var counts: [String: Int] = [:]
  private var rates: [String: Double] = [:]

  /// Checks written values, as in `--set layers=2`.
  public init(
    written: [(name: String, value: String)], known: [Hyperparameter], architecture: String
  ) throws(ArchitectureError) {
    try self.init(
      values: written.map { ($0.name, Double($0.value), $0.value) }, known: known,
      architecture: architecture)
  }

  /// Checks the members of a model file's `hyperparameters` object.
  public init(
    stored: JSONField, known: [Hyperparameter], architecture: String
  ) throws {
    let members = try stored.members()
    try self.init(
      values: members.map { ($0.key, $0.field.number, $0.field.written) },
      known: known, architecture: architecture)
  }

  private init(
    values: [(name: String, number: Double?, text: String)], known: [Hyperparameter],
    architecture: String
  ) throws(ArchitectureError) {
    for hyperparameter in known {
      switch hyperparameter.kind {
      case .count(_, let standard): counts[hyperparameter.name] = standard
      case .rate(let standard): rates[hyperparameter.name] = standard
      }
    }
    for (name, number, text) in values {
      guard let hyperparameter = known.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
      else {
        throw .unknownHyperparameter(architecture: architecture, name: name, known: known)
      }
      try take(number, text: text, for: hyperparameter, architecture: architecture)
    }
  }

  private mutating func take(
    _ number: Double?, text: String, for hyperparameter: Hyperparameter, architecture: String
  ) throws(ArchitectureError) {
    switch hyperparameter.kind {
    case .count(let range, _):
      if let number, let count = Int(exactly: number), range.contains(count) {
        counts[hyperparameter.name] = count
        return
      }
    case .rate:
      if let number, number >= 0, number < 1 {
        rates[hyperparameter.name] = number
        return
      }
    }
    throw .hyperparameterValue(
      architecture: architecture, hyperparameter: hyperparameter, value: text)
  }

  /// The whole number of that name, which must be one of the architecture's.
  public func count(_ name: String) -> Int {
    guard let value = counts[name] else { preconditionFailure("no count is called \(name)") }
    return value
  }

  /// The probability of that name, which must be one of the architecture's.
  public func rate(_ name: String) -> Double {
    guard let value = rates[name] else { preconditionFailure("no rate is called \(name)") }
    return value
  }

  /// The values as a JSON object, in the order of `known`.
  public func json(_ known: [Hyperparameter]) -> JSONValue {
    var object = JSONObject()
    for hyperparameter in known {
      switch hyperparameter.kind {
      case .count: object.append(hyperparameter.name, JSONValue(count(hyperparameter.name)))
      case .rate: object.append(hyperparameter.name, JSONValue(rate(hyperparameter.name)))
      }
    }
    return .object(object)
  }
}

extension JSONField {
  /// The number, if it is one.
  fileprivate var number: Double? {
    switch value {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }

  /// How the value would be written in a message.
  fileprivate var written: String {
    number.map { "\($0)" } ?? "not a number"
  }
}
