import TextLM

extension SamplingError {
  /// The same with settings under the names of options, which the library's have without the dashes.
  var namingOptions: SamplingError {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      .outOfRange(name: Self.option(name), value: value, allowed: allowed)
    case .contradiction(let first, let second, let reason):
      .contradiction(
        first: Self.option(first), second: second.contains(" model") ? second : Self.option(second),
        reason: reason)
    case .noToken(let name, let text, let reason):
      .noToken(name: Self.option(name), text: text, reason: reason)
    case .missing, .unknownProcessor, .repeatedProcessor, .unorderedProcessor: self
    }
  }

  private static func option(_ name: String) -> String {
    name.hasPrefix("-") ? name : "--" + name
  }
}
