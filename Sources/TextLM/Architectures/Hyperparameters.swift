/// A complete and allowed set of an architecture's hyperparameters.
///
/// Made from text, from a model file or from nothing; whatever is not said takes its standard
/// value, and a name that the architecture does not know is an error that lists those it does. What
/// values allow of each other only the architecture knows: see `Architecture.init(written:)`.
public struct Hyperparameters: Sendable, Equatable {
  private var values: [String: Value] = [:]

  /// An allowed value.
  fileprivate enum Value: Sendable, Equatable {
    case count(Int)
    case number(Double)
    case choice(String)

    var text: String {
      switch self {
      case .count(let count): "\(count)"
      case .number(let number): "\(number)"
      case .choice(let name): name
      }
    }

    var json: JSONValue {
      switch self {
      case .count(let count): JSONValue(count)
      case .number(let number): JSONValue(number)
      case .choice(let name): JSONValue(name)
      }
    }
  }

  /// A value as it was written: 2.0 is no count.
  private enum Written {
    case whole(Int)
    case fraction(Double)
    case word(String)

    var double: Double? {
      switch self {
      case .whole(let count): Double(count)
      case .fraction(let number): number
      case .word: nil
      }
    }
  }

  private typealias Setting = (name: String, value: Written?, text: String)

  /// Checks written values, as in `--set layers=2`.
  public init(
    written: [(name: String, value: String)], known: [Hyperparameter], architecture: String
  ) throws(ArchitectureError) {
    let settings = written.map { name, text -> Setting in
      let number = Int(text).map(Written.whole) ?? Double(text).map(Written.fraction)
      return (name, number ?? .word(text), text)
    }
    try self.init(settings: settings, known: known, architecture: architecture)
  }

  /// Checks the members of a model file's `hyperparameters` object.
  public init(
    stored: JSONField, known: [Hyperparameter], architecture: String
  ) throws {
    let settings = try stored.members().map { name, field -> Setting in
      switch field.value {
      case .integer(let whole): (name, .whole(Int(whole)), "\(whole)")
      case .number(let number): (name, .fraction(number), "\(number)")
      case .string(let word): (name, .word(word), field.value.summary)
      default: (name, nil, field.value.summary)
      }
    }
    try self.init(settings: settings, known: known, architecture: architecture)
  }

  private init(
    settings: [Setting], known: [Hyperparameter], architecture: String
  ) throws(ArchitectureError) {
    for hyperparameter in known { values[hyperparameter.name] = hyperparameter.kind.standard }
    for (name, value, text) in settings {
      guard let hyperparameter = known.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
      else {
        throw .unknownHyperparameter(architecture: architecture, name: name, known: known)
      }
      guard let value, let allowed = Self.allowed(value, of: hyperparameter.kind) else {
        throw .hyperparameterValue(
          architecture: architecture, hyperparameter: hyperparameter, value: text)
      }
      values[hyperparameter.name] = allowed
    }
  }

  /// The value, if it is allowed.
  private static func allowed(_ written: Written, of kind: Hyperparameter.Kind) -> Value? {
    switch kind {
    case .count(let range, _):
      guard case .whole(let count) = written, range.contains(count) else { return nil }
      return .count(count)
    case .rate:
      guard let rate = written.double, rate >= 0, rate < 1 else { return nil }
      return .number(rate)
    case .number(let range, _):
      guard let number = written.double, range.contains(number) else { return nil }
      return .number(number)
    case .choice(let names, _):
      guard case .word(let word) = written,
        let name = names.first(where: { $0.utf8.elementsEqual(word.utf8) })
      else { return nil }
      return .choice(name)
    }
  }

  /// The whole number of that name, which must be one of the architecture's.
  public func count(_ name: String) -> Int {
    guard case .count(let value)? = values[name] else {
      preconditionFailure("no count is called \(name)")
    }
    return value
  }

  /// Whether a whole number has that name.
  func hasCount(_ name: String) -> Bool {
    if case .count? = values[name] { true } else { false }
  }

  /// The probability of that name, which must be one of the architecture's.
  public func rate(_ name: String) -> Double { number(name) }

  /// The number of that name, which must be one of the architecture's.
  public func number(_ name: String) -> Double {
    guard case .number(let value)? = values[name] else {
      preconditionFailure("no number is called \(name)")
    }
    return value
  }

  /// The name chosen for that choice, which must be one of the architecture's.
  public func choice(_ name: String) -> String {
    guard case .choice(let value)? = values[name] else {
      preconditionFailure("no choice is called \(name)")
    }
    return value
  }

  /// The values as they would be written in `--set name=value`, in the order of `known`.
  public func written(_ known: [Hyperparameter]) -> [(name: String, value: String)] {
    known.compactMap { hyperparameter in
      values[hyperparameter.name].map { (hyperparameter.name, $0.text) }
    }
  }

  /// The values as a JSON object, in the order of `known`.
  public func json(_ known: [Hyperparameter]) -> JSONValue {
    var object = JSONObject()
    for hyperparameter in known {
      if let value = values[hyperparameter.name] { object.append(hyperparameter.name, value.json) }
    }
    return .object(object)
  }
}

extension Hyperparameter.Kind {
  fileprivate var standard: Hyperparameters.Value {
    switch self {
    case .count(_, let standard): .count(standard)
    case .rate(let standard), .number(_, let standard): .number(standard)
    case .choice(_, let standard): .choice(standard)
    }
  }
}
