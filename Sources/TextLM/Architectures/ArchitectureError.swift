/// A model that cannot be built as asked for.
public enum ArchitectureError: Error, Equatable {
  /// No architecture has this name; `known` are those that there are, with their standard values.
  case unknownArchitecture(name: String, known: [String])
  /// What has this name reads a text from both ends, so that no language model can be made of it.
  case notCausal(name: String)
  /// What has this name is counted, not trained in steps.
  case notTrainedInSteps(name: String)
  /// The architecture has no hyperparameter of this name.
  case unknownHyperparameter(architecture: String, name: String, known: [Hyperparameter])
  /// The hyperparameter does not take this value.
  case hyperparameterValue(architecture: String, hyperparameter: Hyperparameter, value: String)
  /// Values that are allowed one by one, but not together; `problem` says which, with the numbers.
  case combination(architecture: String, problem: String)
  /// An output would depend on more steps than the text has.
  case receptiveField(architecture: String, length: Int, textLength: Int)
  /// Weight drop has nothing to drop.
  case noRecurrentWeights(architecture: String, others: [String])
  /// A tied output needs an encoder that is as wide as the embedding.
  case tiedWidths(embeddingSize: Int, outputSize: Int)
  /// Training or using the model would need more memory than the machine has free.
  case tooLarge(parameterCount: Int, neededBytes: Int, availableBytes: Int)
}

extension ArchitectureError: CustomStringConvertible {
  /// What does not fit, and what to do about it.
  public var description: String {
    switch self {
    case .unknownArchitecture(let name, let known):
      return "no architecture is called \(name); known, each with what it has by default:\n"
        + known.map { "  \($0)" }.joined(separator: "\n")
    case .notCausal(let name):
      return "\(name) reads from both ends, so that each output knows what comes next: it has no "
        + "probability of a text, no perplexity, and cannot write; train two models, one with "
        + "--direction forward and one with --direction backward, and use them together with "
        + "`textlm fill` and `textlm rank`, or prove it with `textlm task --bidirectional`"
    case .notTrainedInSteps(let name):
      return "\(name) is counted and not trained in steps: it can only be made with `textlm train "
        + "--arch \(name)`, within seconds"
    case .unknownHyperparameter(let architecture, let name, let known):
      let list = known.map { "  \($0.name) (\($0.allowedText), standard \($0.standardText))" }
      return "\(architecture) has no hyperparameter \(name); it has\n"
        + list.joined(separator: "\n")
    case .hyperparameterValue(let architecture, let hyperparameter, let value):
      return "\(architecture): \(hyperparameter.name) is \(value), but must be "
        + hyperparameter.allowedText
    case .combination(let architecture, let problem):
      return "\(architecture): \(problem)"
    case .receptiveField(let architecture, let length, let textLength):
      return "\(architecture): each output would depend on \(length) characters, but the text to "
        + "train on has only \(textLength): give a longer text or smaller sizes"
    case .noRecurrentWeights(let architecture, let others):
      return "\(architecture) has no recurrent weights, so that --weight-drop would change "
        + "nothing: leave it away, or use \(others.joined(separator: ", "))"
    case .tiedWidths(let embeddingSize, let outputSize):
      return "a tied output needs an embedding as wide as the encoder's output, but they are "
        + "\(embeddingSize) and \(outputSize): give --embedding-size \(outputSize)"
    case .tooLarge(let parameterCount, let neededBytes, let availableBytes):
      return "a model of \(parameterCount) parameters needs about \(neededBytes >> 20) MiB here, "
        + "of which \(availableBytes >> 20) MiB are free: choose a smaller --hidden-size, "
        + "--layers, --batch-size or --seq-length"
    }
  }
}
