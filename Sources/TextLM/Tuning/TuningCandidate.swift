/// One point of the space that `Tuning` searches.
public struct TuningCandidate: Sendable, Equatable {
  /// Its number, from 1.
  public var number: Int
  /// LSTM layers.
  public var layerCount: Int
  /// H.
  public var hiddenSize: Int
  /// Part of the units dropped between layers; 0 with one layer, which has none between.
  public var dropout: Double
  /// Part of the top layer's output dropped.
  public var outputDropout: Double
  /// Rows of a batch.
  public var batchSize: Int
  /// Steps of a window.
  public var sequenceLength: Int
  /// The greatest learning rate.
  public var learningRate: Double
  /// λ of AdamW.
  public var weightDecay: Double

  /// The options of `textlm train` that ask for it.
  public var options: [String] {
    [
      "--layers", "\(layerCount)", "--hidden-size", "\(hiddenSize)", "--dropout", "\(dropout)",
      "--output-dropout", "\(outputDropout)", "--batch-size", "\(batchSize)", "--seq-length",
      "\(sequenceLength)", "--lr",
      "\(learningRate)", "--weight-decay", "\(weightDecay)",
    ]
  }

  /// The settings of a training in `seconds` that are otherwise those of `base`.
  func settings(_ base: RunSettings, seconds: Double) throws -> RunSettings {
    var settings = base
    let values = try Hyperparameters(
      written: [
        ("layers", "\(layerCount)"), ("hidden_size", "\(hiddenSize)"), ("dropout", "\(dropout)"),
      ], known: LSTMArchitecture.hyperparameters, architecture: LSTMArchitecture.name)
    settings.model = ModelConfiguration(
      architecture: LSTMArchitecture(values), embeddingSize: min(256, hiddenSize))
    settings.data.batchSize = batchSize
    settings.data.sequenceLength = sequenceLength
    settings.plan.peak = learningRate
    settings.plan.horizon = .seconds(seconds)
    settings.trainer.weightDecay = weightDecay
    settings.trainer.regularization.outputDropout = Float(outputDropout)
    return settings
  }
}

extension TuningCandidate {
  /// The JSON of `tune.json` and of results.
  public var json: JSONValue {
    [
      "candidate": JSONValue(number), "layers": JSONValue(layerCount),
      "hidden_size": JSONValue(hiddenSize), "dropout": JSONValue(dropout),
      "output_dropout": JSONValue(outputDropout),
      "batch_size": JSONValue(batchSize), "sequence_length": JSONValue(sequenceLength),
      "learning_rate": JSONValue(learningRate), "weight_decay": JSONValue(weightDecay),
    ]
  }

  init(_ json: JSONField) throws {
    let sizes = 1...1 << 24
    self.init(
      number: try json.int("candidate", in: sizes), layerCount: try json.int("layers", in: sizes),
      hiddenSize: try json.int("hidden_size", in: sizes),
      dropout: try json.double("dropout", in: 0...1),
      outputDropout: try json.double("output_dropout", in: 0...1),
      batchSize: try json.int("batch_size", in: sizes),
      sequenceLength: try json.int("sequence_length", in: sizes),
      learningRate: try json.double("learning_rate", in: 0...1e6),
      weightDecay: try json.double("weight_decay", in: 0...1e6))
  }
}
