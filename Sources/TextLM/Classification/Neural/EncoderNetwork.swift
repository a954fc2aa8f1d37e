/// An embedding, one encoder for each side that a text is read from, a pooling and a head.
///
/// x = E[token] [T, B, E]; h = encoder(x) [T, B, H] for each side; v [B, D] is the pool of h;
/// logits = W v + b, with n-grams beside v where they are joined.
///
/// Parameters: `embedding.weight`, the encoders' under `forward` and `backward`, those of
/// `AttentionPooling` under `attention`, and those of `JoinedHead`.
struct EncoderNetwork<Encoder: CausalEncoder>: ClassifierNetwork {
  let parameters: [Parameter]
  let embedding: Embedding
  /// In the order of `directions`.
  let encoders: [Encoder]
  let directions: [ReadingDirection]
  let pooling: TextPooling
  /// There if the pooling is that.
  let attention: AttentionPooling?
  let head: JoinedHead

  init<Kind: CausalArchitecture>(
    _ architecture: Kind, _ configuration: NeuralClassifierConfiguration, vocabularySize: Int,
    from source: any ParameterSource
  ) throws where Kind.Encoder == Encoder {
    let root = ParameterScope(source)
    let embeddingSize = configuration.embeddingSize
    embedding = try Embedding(
      vocabularySize: vocabularySize, embeddingSize: embeddingSize, in: root["embedding"])
    directions = configuration.sides.directions
    encoders = try directions.map {
      try architecture.makeEncoder(inputSize: embeddingSize, in: root[$0.rawValue])
    }
    pooling = configuration.pooling
    attention =
      pooling == .attention
      ? try AttentionPooling(
        inputSize: encoders.reduce(0) { $0 + $1.outputSize },
        attentionSize: configuration.attentionSize, in: root["attention"]) : nil
    head = try JoinedHead(configuration, in: root)
    parameters = root.parameters
  }

  func callAsFunction(_ batch: ClassifierBatch, _ pass: ForwardPass) -> ClassifierOutput {
    let outputs = zip(directions, encoders).map { direction, encoder in
      var state = encoder.initialState(batchSize: batch.lengths.count)
      return encoder.read(batch.tokens(direction), from: embedding, state: &state, pass)
    }
    guard let attention else {
      let vectors = outputs.flatMap { pools($0, lengths: batch.lengths, pass) }
      return ClassifierOutput(
        logits: head(pass.concatenate(vectors, axis: 1), batch, pass), weights: nil,
        states: outputs[0])
    }
    let joined =
      outputs.count == 1
      ? outputs[0] : pass.concatenate(outputs[0], batch.aligned(outputs[1], pass))  // [T, B, D]
    let (sums, weights) = attention(joined, lengths: batch.lengths, pass)
    return ClassifierOutput(
      logits: head(sums, batch, pass), weights: weights, states: outputs[0])
  }

  /// The vectors [B, H] that one encoder's outputs [T, B, H] give without attention.
  private func pools(_ output: Tensor, lengths: [Int], _ pass: ForwardPass) -> [Tensor] {
    let last = { pass.lastSteps(output, lengths: lengths) }
    let mean = { pass.meanOverTime(output, lengths: lengths) }
    let max = { pass.maxOverTime(output, lengths: lengths) }
    return switch pooling {
    case .last: [last()]
    case .mean: [mean()]
    case .max: [max()]
    case .joined: [last(), mean(), max()]
    case .attention: []
    }
  }
}
