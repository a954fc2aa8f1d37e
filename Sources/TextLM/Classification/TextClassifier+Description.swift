/// What a classifier is made of.
extension TextClassifier {
  /// The `config` of its file: the labels, and what decides how a text is read.
  public var config: JSONValue {
    switch model {
    case .ngrams(let model): Self.config(of: model)
    case .network(let model): model.configuration.json
    case .probe(let model): model.json
    }
  }

  /// What turns text into its tokens; nil for n-grams, which read characters as they are.
  public var tokenizer: Tokenizer? {
    switch model {
    case .ngrams: nil
    case .network(let model): model.tokenizer
    case .probe(let model): model.tokenizer
    }
  }

  /// The tensors of its file.
  public var safetensorsEntries: [SafetensorsEntry] {
    switch model {
    case .ngrams(let model): model.safetensorsEntries
    case .network(let model): model.safetensorsEntries
    case .probe(let model): model.safetensorsEntries
    }
  }

  /// How many of the texts that it learned from have each label, in the order of the labels; nil where the
  /// card does not say.
  public var labelCounts: [Int]? {
    guard case .object(let object) = card,
      case .array(let values)? = object[Self.labelCountsKey], values.count == labels.count
    else { return nil }
    let counts = values.compactMap { value -> Int? in
      if case .integer(let count) = value { Int(exactly: count) } else { nil }
    }
    return counts.count == values.count ? counts : nil
  }

  /// Where the card has them.
  static let labelCountsKey = "label_counts"
}

extension TextClassifier: CustomStringConvertible {
  /// The number of features of n-grams, or the tree of a network's parameters, a line each.
  public var description: String {
    switch model {
    case .ngrams(let model): model.description
    case .network(let model): model.description
    case .probe(let model): model.description
    }
  }
}
