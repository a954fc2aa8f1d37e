/// A network that tells texts apart, with its tokenizer.
///
/// ```swift
/// let classifier = try NeuralClassifier(contentsOf: "reviews.textlm/model.safetensors")
/// let probabilities = try classifier.probabilities(of: ["What a film!", "I left after an hour."])
/// print(classifier.labels.names, probabilities)
/// ```
public struct NeuralClassifier: Sendable {
  /// Its architecture, sizes and labels.
  public let configuration: NeuralClassifierConfiguration
  /// What turns text into its tokens.
  public let tokenizer: Tokenizer
  let network: any ClassifierNetwork

  /// Tokens of a text that are read at once; longer texts are read in windows of so many.
  public static let windowLength = 2_000
  /// Texts read side by side, and steps of them.
  private static let batching = LengthBatches(rowLimit: 64, stepLimit: 32_768)

  /// Builds a classifier with parameters from `source`, new or stored. Throws what the source throws.
  public init(
    _ configuration: NeuralClassifierConfiguration, tokenizer: Tokenizer,
    from source: any ParameterSource
  ) throws {
    self.configuration = configuration
    self.tokenizer = tokenizer
    network = try configuration.makeNetwork(tokenizer, from: source)
  }

  /// What it tells apart.
  public var labels: LabelSet { configuration.labels }
  /// All that training changes.
  public var parameters: [Parameter] { network.parameters }
  /// The number of all parameters' elements.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// The probabilities of the classes of each text, in the order of the labels: of sum 1, or of each by
  /// itself where there may be several.
  ///
  /// But for rounding, they do not depend on the other texts. Throws
  /// `NeuralClassifierError.notFinite` for a damaged classifier.
  public func probabilities(
    of texts: [String], precision: ComputePrecision = Engine.evaluationPrecision
  ) throws -> [[Double]] {
    let logits = logits(of: texts.map { tokenizer.encode($0) }, precision: precision)
    return try zip(texts, logits).map { text, logits in
      let found = ClassifierHead.probabilities(labels.kind, logits: logits)
      guard found.allSatisfy(\.isFinite) else { throw NeuralClassifierError.notFinite(text: text) }
      return found
    }
  }

  /// The logits of each text of tokens, read side by side unless they are longer than a window.
  package func logits(
    of texts: [[TokenID]], precision: ComputePrecision = Engine.evaluationPrecision,
    windowLength: Int = Self.windowLength
  ) -> [[Float]] {
    let pass = ForwardPass.inference(precision: precision)
    var logits = [[Float]](repeating: [], count: texts.count)
    for batch in Self.batching.sorted(texts.map(\.count)) {
      let short = batch.filter { texts[$0].count < windowLength }
      if !short.isEmpty {
        let rows = network.logits(ClassifierBatch(short.map { texts[$0] }), pass)
        let (values, width) = (rows.array, rows.shape[1])
        for (row, index) in short.enumerated() {
          logits[index] = Array(values[row * width..<(row + 1) * width])
        }
      }
      for index in batch where texts[index].count >= windowLength {
        logits[index] =
          network.reading(
            texts[index], windowLength: windowLength, pass
          ).logits.array
      }
    }
    return logits
  }

  /// What training makes small for some texts, of shape `[]`, with the label smoothing that the pass asks
  /// for; `classWeights` as in `NeuralTrainingSettings`.
  package func loss(
    _ batch: ClassifierBatch, truth: [[Int]], classWeights: [Double]?, _ pass: ForwardPass
  ) -> Tensor {
    losses(batch, truth: truth, classWeights: classWeights, nextToken: nil, pass).labels
  }

  /// That loss, and the nats of the texts' own tokens where `nextToken` tells them, each of shape `[]`.
  package func losses(
    _ batch: ClassifierBatch, truth: [[Int]], classWeights: [Double]?,
    nextToken: NextTokenOutput?, _ pass: ForwardPass
  ) -> (labels: Tensor, nextToken: Tensor?) {
    let targets = ClassifierTargets(
      truth, labels: labels, classWeights: classWeights,
      smoothing: pass.regularization.labelSmoothing)
    let output = network(batch, pass)
    let nats = output.states.flatMap { nextToken?.nats($0, of: batch, pass) }
    return (targets.loss(output.logits, pass), nats)
  }
}

extension NeuralClassifier: CustomStringConvertible {
  /// The tree of its parameters.
  public var description: String {
    ParameterTree(parameters, name: NeuralClassifierConfiguration.kind).description
  }
}
