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
    let values = written.map { name, text -> Written in
      (name, Int(text).map(Number.whole) ?? Double(text).map(Number.fraction), text)
    }
    try self.init(values: values, known: known, architecture: architecture)
  }

  /// A number as it was written: 2.0 is no count.
  private enum Number {
    case whole(Int)
    case fraction(Double)

    var double: Double {
      switch self {
      case .whole(let count): Double(count)
      case .fraction(let number): number
      }
    }
  }

  private typealias Written = (name: String, number: Number?, text: String)

  /// Checks the members of a model file's `hyperparameters` object.
  public init(
    stored: JSONField, known: [Hyperparameter], architecture: String
  ) throws {
    let values = try stored.members().map { name, field -> Written in
      switch field.value {
      case .integer(let whole): (name, .whole(Int(whole)), "\(whole)")
      case .number(let number): (name, .fraction(number), "\(number)")
      default: (name, nil, field.value.summary)
      }
    }
    try self.init(values: values, known: known, architecture: architecture)
  }

  private init(
    values: [Written], known: [Hyperparameter], architecture: String
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
    _ number: Number?, text: String, for hyperparameter: Hyperparameter, architecture: String
  ) throws(ArchitectureError) {
    switch hyperparameter.kind {
    case .count(let range, _):
      if case .whole(let count)? = number, range.contains(count) {
        counts[hyperparameter.name] = count
        return
      }
    case .rate:
      if let rate = number?.double, rate >= 0, rate < 1 {
        rates[hyperparameter.name] = rate
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

  /// The values as they would be written in `--set name=value`, in the order of `known`.
  public func written(_ known: [Hyperparameter]) -> [(name: String, value: String)] {
    known.map { hyperparameter in
      switch hyperparameter.kind {
      case .count: (hyperparameter.name, "\(count(hyperparameter.name))")
      case .rate: (hyperparameter.name, "\(rate(hyperparameter.name))")
      }
    }
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
