public import TextLMTensors

extension ForwardPass {
  /// One vector for each sequence: y[b] = Σ_t w[t, b] · values[t, b], w being the softmax over time of
  /// the scores.
  ///
  /// Scores are [T, B], values [T, B, D], the sums [B, D]. Only the first lengths[b] steps count; a
  /// sequence of length 0 has a sum of zeros. The weights, [T, B], come without a gradient, to be
  /// looked at. Requires that the sizes agree.
  public func attentionPool(
    scores: Tensor, values: Tensor, lengths: [Int]
  ) -> (sums: Tensor, weights: Tensor) {
    let weights = scores.softmaxOverTime(lengths: lengths)
    let sums = weights.weightedSums(of: values)
    tape?.record(output: sums, inputs: [scores, values]) { gradient in
      [
        weights.softmaxOverTimeGradient(values: values, sumGradient: gradient),
        weights.spreading(gradient),
      ]
    }
    return (sums, weights)
  }
}
