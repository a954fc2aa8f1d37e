/// An embedding, a `HierarchicalAttention` over the parts of each text, and a head.
///
/// Parameters: `embedding.weight`, the encoders' under `lower` and `upper`, `lower_pool` and `upper_pool`
/// as `HierarchicalAttention` has them, and those of `JoinedHead`.
struct HierarchicalNetwork<Encoder: SequenceEncoder>: ClassifierNetwork {
  let parameters: [Parameter]
  private let embedding: Embedding
  private let hierarchy: HierarchicalAttention<Encoder, Encoder>
  private let parts: TextParts
  private let head: JoinedHead

  /// - Parameter makeEncoder: Makes an encoder of inputs of a width, with its parameters in a scope.
  init(
    _ configuration: NeuralClassifierConfiguration, tokenizer: Tokenizer,
    from source: any ParameterSource,
    _ makeEncoder: (_ inputSize: Int, ParameterScope) throws -> Encoder
  ) throws {
    let root = ParameterScope(source)
    embedding = try Embedding(
      vocabularySize: tokenizer.vocabulary.count, embeddingSize: configuration.embeddingSize,
      in: root["embedding"])
    let lower = try makeEncoder(configuration.embeddingSize, root["lower"])
    hierarchy = try HierarchicalAttention(
      lower: lower, upper: makeEncoder(lower.outputSize, root["upper"]),
      attentionSize: configuration.attentionSize, in: root)
    head = try JoinedHead(configuration, in: root)
    parts = TextParts(tokenizer)
    parameters = root.parameters
  }

  func callAsFunction(_ batch: ClassifierBatch, _ pass: ForwardPass) -> ClassifierOutput {
    let rowCount = batch.lengths.count
    let (vectors, weights) = read(batch.texts, pass)
    var table = [Float](repeating: 0, count: batch.ahead.timeLength * rowCount)
    for (row, weights) in weights.enumerated() {
      for (step, weight) in weights.enumerated() { table[step * rowCount + row] = weight }
    }
    return ClassifierOutput(
      logits: head(vectors, batch, pass),
      weights: Tensor(table, shape: [batch.ahead.timeLength, rowCount]))
  }

  /// Windows are texts by themselves here, and their vectors are averaged by their lengths: what attention
  /// over the parts of all of them would give, it would have to have them in memory for.
  func reading(
    _ text: [TokenID], windowLength: Int, _ pass: ForwardPass
  ) -> ClassifierOutput {
    let tokens = [Vocabulary.boundary] + text
    var (sum, weights) = ([Double](), [Float]())
    for start in stride(from: 0, to: tokens.count, by: windowLength) {
      let window = Array(tokens[start..<Swift.min(start + windowLength, tokens.count)])
      let share = Double(window.count) / Double(tokens.count)
      let (vector, own) = read([window], pass)
      if sum.isEmpty { sum = [Double](repeating: 0, count: vector.shape.width) }
      for (column, value) in vector.array.enumerated() { sum[column] += share * Double(value) }
      weights += own[0].map { Float(share) * $0 }
    }
    return ClassifierOutput(
      logits: head.reading(sum.map { Float($0) }, of: text, pass),
      weights: Tensor(weights, shape: [weights.count, 1]))
  }

  /// The vectors [B, D] of texts that are not empty, and the weight of each of their tokens: that of its
  /// part in the text times its own in the part.
  private func read(
    _ texts: [[TokenID]], _ pass: ForwardPass
  ) -> (vectors: Tensor, weights: [[Float]]) {
    let documents = texts.map(parts.parts)
    let all = documents.flatMap { $0 }
    let table = pass.embeddingTable(of: embedding.weight)
    let input = pass.gather(
      TokenBatch(rows: all, padding: Vocabulary.boundary), from: table)  // [T, N, E]
    let found = hierarchy(
      pass.dropout(input, rate: pass.regularization.inputDropout), lengths: all.map(\.count),
      sentenceCounts: documents.map(\.count), pass)
    let (inPart, inText) = (found.wordWeights.array, found.sentenceWeights.array)
    var first = 0
    let weights = documents.enumerated().map { row, document in
      defer { first += document.count }
      return document.enumerated().flatMap { order, part in
        part.indices.map { step in
          inPart[step * all.count + first + order] * inText[order * texts.count + row]
        }
      }
    }
    return (found.documents, weights)
  }
}
