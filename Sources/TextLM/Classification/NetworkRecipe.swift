/// Everything that decides what a network that classifies is and how it is trained, but the texts and their
/// labels.
public struct NetworkRecipe: Sendable {
  /// What the network begins with.
  public enum Origin: Sendable {
    /// An architecture, and how the training texts make its tokens.
    case new(
      any CausalArchitecture, embeddingSize: Int?, preparation: TextPreparation,
      segmenter: any Segmenter, vocabulary: VocabularyRule)
    /// The tokenizer and the encoder of a language model.
    case encoder(EncoderTransfer)
  }

  /// What the network begins with.
  public var origin: Origin
  /// What every step has in common; its seed decides all draws.
  public var trainer: TrainerSettings
  /// The length and the learning rate.
  public var plan: LearningRatePlan
  /// What a text is taken for; what begins with a language model's encoder takes it for a sequence.
  public var structure = TextStructure.sequence
  /// From which ends a text is read.
  public var sides = ReadingSides.forward
  /// How outputs become one vector; nil for what suits the structure.
  public var pooling: TextPooling?
  /// The units that attention is computed by.
  public var attentionSize = 64
  /// Sequences of tokens that join what the encoders say; nil for none.
  public var joinedNGrams: JoinedNGrams?
  /// The part of a text's vector that is dropped in training.
  public var dropout = 0.5
  /// The part of the truth that is spread over all classes in training.
  public var labelSmoothing = 0.0
  /// Texts of a step.
  public var batchSize = 32
  /// Epochs without a gain after which the training ends; nil for never.
  public var patience: Int? = 5
  /// Which parameters learn, and how fast.
  public var rates = ParameterRates.equal
  /// What a nat of the texts' next tokens counts beside a nat of their labels; 0 for nothing.
  public var languageLossWeight = 0.0

  /// A recipe of these parts, and else of what is standard.
  public init(_ origin: Origin, trainer: TrainerSettings, plan: LearningRatePlan) {
    self.origin = origin
    self.trainer = trainer
    self.plan = plan
  }

  /// The architecture and its sizes.
  public var architecture: any CausalArchitecture {
    switch origin {
    case .new(let architecture, _, _, _, _): architecture
    case .encoder(let transfer): transfer.configuration.architecture
    }
  }

  /// The settings of a training with some labels.
  ///
  /// Throws `NeuralClassifierError` for numbers that make no sense.
  func settings(
    _ labels: LabelSet, classWeights: [Double]?
  ) throws(NeuralClassifierError) -> NeuralTrainingSettings {
    let configuration =
      switch origin {
      case .new(let architecture, let embeddingSize, _, _, _):
        try NeuralClassifierConfiguration(
          labels: labels, architecture: architecture, embeddingSize: embeddingSize,
          structure: structure, sides: sides, pooling: pooling, attentionSize: attentionSize,
          joinedNGrams: joinedNGrams, dropout: dropout, labelSmoothing: labelSmoothing)
      case .encoder(let transfer):
        try transfer.configuration(
          labels: labels, sides: sides, pooling: pooling ?? .joined, attentionSize: attentionSize,
          joinedNGrams: joinedNGrams, dropout: dropout, labelSmoothing: labelSmoothing)
      }
    return NeuralTrainingSettings(
      classifier: configuration, trainer: trainer, plan: plan, batchSize: batchSize,
      patience: patience, classWeights: classWeights, rates: rates,
      languageLossWeight: languageLossWeight)
  }

  /// What a training with some texts begins with.
  func beginning(
    _ texts: [String]
  ) throws(TextError) -> NeuralClassifierTraining.Beginning {
    switch origin {
    case .new(_, _, let preparation, let segmenter, let vocabulary):
      .new(
        try Tokenizer(
          trainedOn: texts.map { UTF8Text($0) }, preparation: preparation, segmenter: segmenter,
          rule: vocabulary))
    case .encoder(let transfer): .encoder(transfer)
    }
  }
}
