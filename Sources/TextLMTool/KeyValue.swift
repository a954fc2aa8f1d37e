import TextLM

/// Options that are given as `key=value`.
enum KeyValue {
  /// The keys and values of a repeatable option.
  static func parse(
    _ texts: [String], option: String
  ) throws(OptionError) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for text in texts {
      guard let equals = text.firstIndex(of: "=") else {
        throw .value(option: option, value: text, allowed: "key=value")
      }
      pairs.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
    }
    return pairs
  }

  /// What a resumed run has decided already; its settings hold the values by their keys under `keys`.
  static func fixed(_ texts: [String], option: String, _ keys: String...) -> [FixedOption] {
    texts.compactMap { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      return FixedOption(
        "\(option) \(parts[0])", Double(parts[1]).map { .number($0) } ?? .word(parts[1]),
        keys + [parts[0]])
    }
  }
}
