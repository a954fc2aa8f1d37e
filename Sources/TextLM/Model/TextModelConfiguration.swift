/// What a trained model is, beside its vocabulary and its numbers.
public enum TextModelConfiguration: Sendable {
  /// A network.
  case neural(ModelConfiguration)
  /// Counts of n-grams.
  case ngram(NGramConfiguration)

  /// The name of its architecture.
  public var architectureName: String {
    switch self {
    case .neural(let configuration): type(of: configuration.architecture).name
    case .ngram: NGramConfiguration.architectureName
    }
  }

  /// From which end it reads.
  public var direction: ReadingDirection {
    switch self {
    case .neural(let configuration): configuration.direction
    case .ngram(let configuration): configuration.direction
    }
  }

  /// The JSON of the model file's `config`.
  public var json: JSONValue {
    switch self {
    case .neural(let configuration): configuration.json
    case .ngram(let configuration): configuration.json
    }
  }

  /// The configuration of a network; nil where the model is none.
  public var neural: ModelConfiguration? {
    if case .neural(let configuration) = self { configuration } else { nil }
  }
}
