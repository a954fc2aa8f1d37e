/// What a network makes of the vectors of its encoders: beside the means of n-grams, where there are any,
/// with dropout, under the head.
///
/// Parameters: `ngrams.weight` where n-grams are joined, `head.weight` and `head.bias`.
struct JoinedHead: Sendable {
  private let ngrams: NGramTable?
  private let head: ClassifierHead

  init(_ configuration: NeuralClassifierConfiguration, in root: ParameterScope) throws {
    ngrams = try configuration.joinedNGrams.map { try NGramTable($0, in: root["ngrams"]) }
    head = try ClassifierHead(
      configuration.labels, vectorSize: configuration.vectorSize, in: root["head"])
  }

  /// Logits [B, outputs] for the vectors [B, D] of the texts of a batch.
  func callAsFunction(
    _ vectors: Tensor, _ batch: ClassifierBatch, _ pass: ForwardPass
  ) -> Tensor {
    logits(vectors, ngrams.map { $0(batch.texts, pass) }, pass)
  }

  /// Logits [1, outputs] for the vector [D] of one text of any length.
  func reading(_ vector: [Float], of text: [TokenID], _ pass: ForwardPass) -> Tensor {
    let means = ngrams.map { $0.reading([Vocabulary.boundary] + text, pass) }
    return logits(Tensor(vector, shape: [1, vector.count]), means, pass)
  }

  private func logits(_ vectors: Tensor, _ means: Tensor?, _ pass: ForwardPass) -> Tensor {
    let joined = means.map { pass.concatenate(vectors, $0) } ?? vectors  // [B, D + W]
    return head(pass.dropout(joined, rate: pass.regularization.outputDropout), pass)
  }
}
