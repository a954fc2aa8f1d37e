import TextLMTensors

/// How new parameters get their first values where it is not as their layers would have it.
///
/// Rules are written `WHERE=HOW`; of several for one parameter the last one counts. WHERE is a kind,
/// or a `PathPattern`:
///
/// - `embedding`: the table; `output`: the output's weights, unless they are the table
/// - `input` and `recurrent`: weights of recurrent layers
/// - `bias`: all biases; `forget-bias`: those of forget gates, the other gates' being 0
///
/// HOW is a number, for a constant, or `zeros`, `uniform:BOUND`, `normal:DEVIATION`, `xavier-uniform`,
/// `xavier-normal`, `he-uniform`, `he-normal`, `orthogonal`, each of these five with `:GAIN` if wanted,
/// `lecun-normal`, `identity`, `torch` (uniform within ±1 / √H in recurrent layers and ±1 / √inputs of other
/// matrices; other biases stay), or for `forget-bias` a number or `chrono:STEPS`.
public struct InitializationRules: Sendable, Equatable {
  /// The rules as they are written, in their order.
  public var texts: [String] { rules.map(\.text) }
  private let rules: [Rule]

  /// All as the layers would have it.
  public static let none = InitializationRules(rules: [])

  private init(rules: [Rule]) {
    self.rules = rules
  }

  /// Reads rules. Throws `InitializationError` for kinds and ways that there are none of.
  public init(parsing texts: [String]) throws(InitializationError) {
    var rules: [Rule] = []
    for text in texts { rules.append(try Rule(text)) }
    self.rules = rules
  }

  /// Refuses a rule that is for none of a model's parameters, made with these rules or not.
  ///
  /// Throws `InitializationError.matchesNothing`.
  public func check(_ parameters: [Parameter]) throws(InitializationError) {
    for rule in rules where !parameters.contains(where: { rule.place.contains($0.path) }) {
      throw .matchesNothing(rule: rule.text, paths: parameters.map(\.path))
    }
  }

  /// Whether some rule is for the parameter at `path`.
  public func concerns(_ path: String) -> Bool {
    rules.contains { $0.place.contains(path) }
  }

  /// The initializer of the parameter at `path`, whose layer wants `standard`.
  func initializer(
    at path: String, shape: Shape, standard: Initializer
  ) throws(InitializationError) -> Initializer {
    var chosen = standard
    for rule in rules where rule.place.contains(path) {
      let isForgetBias = rule.place == .kind(.forgetBias)
      if isForgetBias, !standard.isLSTMBias { continue }
      guard
        let initializer = rule.method.initializer(
          shape: (shape.rank, shape.dimensions.first ?? 1, shape.width), standard: standard,
          onlyForget: isForgetBias)
      else { throw .unsuitable(rule: rule.text, path: path, shape: shape) }
      chosen = initializer
    }
    return chosen
  }

  private struct Rule: Sendable, Equatable {
    let text: String
    let place: Place
    let method: InitializationMethod

    init(_ text: String) throws(InitializationError) {
      guard let equals = text.firstIndex(of: "=") else { throw .malformed(rule: text) }
      self.text = text
      place = try Place(String(text[..<equals]))
      method = try InitializationMethod(String(text[text.index(after: equals)...]))
    }
  }

  private enum Place: Sendable, Equatable {
    case kind(Kind)
    case pattern(PathPattern)

    init(_ text: String) throws(InitializationError) {
      if let kind = Kind(rawValue: text) {
        self = .kind(kind)
      } else if text.contains(where: { ".*?_".contains($0) }) {
        self = .pattern(PathPattern(text))
      } else {
        throw .unknownKind(text, known: Kind.allCases.map(\.rawValue))
      }
    }

    func contains(_ path: String) -> Bool {
      switch self {
      case .kind(let kind): kind.contains(path)
      case .pattern(let pattern): pattern.matches(path)
      }
    }
  }

  private enum Kind: String, Sendable, CaseIterable {
    case embedding, input, recurrent, output, bias
    case forgetBias = "forget-bias"

    func contains(_ path: String) -> Bool {
      let name = path.split(separator: ".").last ?? ""
      return switch self {
      case .embedding: path == "embedding.weight"
      case .output: path == "head.weight"
      case .input: name.hasPrefix("weight_ih")
      case .recurrent: name.hasPrefix("weight_hh")
      case .bias: name.hasPrefix("bias")
      case .forgetBias: name.hasPrefix("bias_ih")
      }
    }
  }
}

extension Initializer {
  fileprivate var isLSTMBias: Bool {
    if case .lstmBias = self { true } else { false }
  }
}
