/// A trained model that a new one cannot begin with.
public enum TransferError: Error, Equatable {
  /// The trained model is one of n-grams, which has no weights.
  case noNetwork(model: String)
  /// The models are of different kinds.
  case architecture(model: String, found: String, wanted: String)
  /// A tensor has another shape than the new model needs; `advice` are the options that fit.
  case shape(model: String, tensor: String, found: Shape, wanted: Shape, advice: String)
  /// The new model has a tensor that the trained one lacks.
  case missing(model: String, tensor: String, wanted: Shape, advice: String)
  /// The trained model has a tensor that the new one has no place for.
  case leftOver(model: String, tensor: String, shape: Shape, advice: String)
  /// The new model ties its output, and the trained one does not.
  case untied(model: String)
  /// The embeddings have another width.
  case embeddingSize(model: String, found: Int, wanted: Int)
}

extension TransferError: CustomStringConvertible {
  /// What does not fit, and which options make it fit.
  public var description: String {
    switch self {
    case .noNetwork(let model):
      "\(model) is an n-gram model, which has no weights to begin with: give a model of another "
        + "architecture"
    case .architecture(let model, let found, let wanted):
      "\(model) is a model of architecture \(found), the new one of \(wanted): give --arch \(found), "
        + "or leave --arch away"
    case .shape(let model, let tensor, let found, let wanted, let advice):
      "\(model): \(tensor) has shape \(found), but the new model needs \(wanted): leave the sizes "
        + "away, or give \(advice)"
    case .missing(let model, let tensor, let wanted, let advice):
      "\(model) has no \(tensor), which the new model needs in shape \(wanted): leave the sizes "
        + "away, or give \(advice)"
    case .leftOver(let model, let tensor, let shape, let advice):
      "\(model): the new model has no place for \(tensor) of shape \(shape): leave the sizes away, "
        + "or give \(advice)"
    case .untied(let model):
      "\(model) has output weights of its own, which a tied model would lose: leave --tied away"
    case .embeddingSize(let model, let found, let wanted):
      "\(model): the embedding is \(found) wide, but the new model's is \(wanted): give "
        + "--embedding-size \(found)"
    }
  }
}
