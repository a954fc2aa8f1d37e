/// What a classifier was like after some steps, at the end of an epoch or of the training.
public struct NeuralEpoch: Sendable, Equatable {
  /// Steps taken.
  public let step: Int
  /// Epochs done.
  public let epochs: Double
  /// The mean loss of the steps since the measurement before.
  public let trainingLoss: Double?
  /// The mean nats of the next token in these steps; nil where that is not learned.
  public let nextTokenNats: Double?
  /// On the validation texts.
  public let validation: ClassifierValidation
  /// The learning rate of the step to come.
  public let learningRate: Double

  /// Whether this is better than another by `choice`.
  func isBetter(than other: NeuralEpoch, by choice: NeuralTrainingSettings.Choice) -> Bool {
    let (own, others) = (validation, other.validation)
    return switch choice {
    case .loss: (own.nats, -own.accuracy) < (others.nats, -others.accuracy)
    case .accuracy: (-own.accuracy, own.nats) < (-others.accuracy, others.nats)
    }
  }
}

extension NeuralEpoch {
  /// As it is logged and stored.
  public var json: JSONObject {
    var object: JSONObject = [
      "step": JSONValue(step), "epochs": JSONValue(epochs),
      "training_loss": trainingLoss.map { JSONValue($0) } ?? .null,
      "validation_loss": JSONValue(validation.nats),
      "validation_accuracy": JSONValue(validation.accuracy),
      "validation_texts": JSONValue(validation.textCount),
      "learning_rate": JSONValue(learningRate),
    ]
    if let nextTokenNats { object.append("next_token_nats", JSONValue(nextTokenNats)) }
    return object
  }

  init(_ json: JSONField) throws {
    let numbers = -1e15...1e15
    self.init(
      step: try json.int("step", in: 0...1 << 40), epochs: try json.double("epochs", in: 0...1e12),
      trainingLoss: try json.optionalField("training_loss")?.double(in: numbers),
      nextTokenNats: try json.optionalField("next_token_nats")?.double(in: numbers),
      validation: ClassifierValidation(
        textCount: try json.int("validation_texts", in: 0...1 << 40),
        nats: try json.double("validation_loss", in: numbers),
        accuracy: try json.double("validation_accuracy", in: 0...1)),
      learningRate: try json.double("learning_rate", in: numbers))
  }
}
