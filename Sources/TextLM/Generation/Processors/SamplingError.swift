/// A sampling setting that makes no sense, alone or together with another one.
public enum SamplingError: Error, Equatable {
  /// The setting's name, its value, and what is allowed.
  case outOfRange(name: String, value: String, allowed: String)
  /// Two settings of which one would change nothing or undo the other.
  case contradiction(first: String, second: String, reason: String)
  /// A setting that changes nothing without another one.
  case missing(name: String, needed: String)
  /// A setting that speaks of a character that the model has no token for.
  case noToken(name: String, text: String, reason: String)
  /// A name in an order that no processor has.
  case unknownProcessor(name: String, known: [String])
  /// A name that an order has twice.
  case repeatedProcessor(name: String)
  /// A processor that is in use and that the order does not mention.
  case unorderedProcessor(name: String)
}

extension SamplingError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      "\(name) is \(value), but must be \(allowed)"
    case .contradiction(let first, let second, let reason):
      "\(first) and \(second) cannot be given together: \(reason)"
    case .missing(let name, let needed):
      "\(name) changes nothing without \(needed): give both or neither"
    case .noToken(let name, let text, let reason):
      "\(name): the model has no token for '\(TerminalText.visible(text))' (\(reason)); see what it "
        + "has with `textlm vocab MODEL`"
    case .unknownProcessor(let name, let known):
      "the order has '\(TerminalText.visible(name))', which is none of \(known.joined(separator: ", "))"
    case .repeatedProcessor(let name):
      "the order has \(name) twice: name each once"
    case .unorderedProcessor(let name):
      "the order leaves out \(name), which is in use: give it a place, or do not use it"
    }
  }
}
