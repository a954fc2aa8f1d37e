package import TextLMTensors

extension ForwardPass {
  /// Scores [T, B, count] of queries [T, B, D] against what each step sees of keys [rows, B, D], place
  /// j of step t being row t + j: products q · k (Luong), or with factors [D], Σ factors tanh(q + k)
  /// (Bahdanau).
  ///
  /// References: Minh-Thang Luong, Hieu Pham and Christopher Manning, "Effective Approaches to
  /// Attention-based Neural Machine Translation", 2015; Dzmitry Bahdanau, Kyunghyun Cho and Yoshua
  /// Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", 2015.
  package func windowScores(
    _ queries: Tensor, keys: Tensor, factors: Tensor? = nil, count: Int
  ) -> Tensor {
    let windows = StepWindows(count: count)
    let output = windows.scores(queries: queries, keys: keys, factors: factors)
    tape?.record(output: output, inputs: [queries, keys] + (factors.map { [$0] } ?? [])) {
      let result = windows.scoreGradients(
        $0, queries: queries, keys: keys, factors: factors)
      return [result.queries, result.keys] + (result.factors.map { [$0] } ?? [])
    }
    return output
  }

  /// Sums [T, B, D] of what each step sees of values [rows, B, D], weighted with [T, B, count].
  package func windowSums(_ weights: Tensor, values: Tensor) -> Tensor {
    let windows = StepWindows(count: weights.shape[2])
    let output = windows.sums(weights: weights, values: values)
    tape?.record(output: output, inputs: [weights, values]) { gradient in
      let result = windows.sumGradients(gradient, weights: weights, values: values)
      return [result.weights, result.values]
    }
    return output
  }

  /// What to add to scores [T, B, count] so that places before the beginning of a text weigh nothing:
  /// −∞ there; nil where there are none.
  ///
  /// Place j of the step at position p is that of position p − reach + j.
  func windowMask(
    timeLength: Int, count: Int, reach: Int, positions: [Int]
  ) -> Tensor? {
    guard positions.contains(where: { $0 < reach }) else { return nil }
    let batchSize = positions.count
    return Tensor(unsafeUninitialized: [timeLength, batchSize, count]) { mask in
      for place in mask.indices {
        let (step, row) = (place / (batchSize * count), place / count % batchSize)
        mask[place] = positions[row] + step - reach + place % count < 0 ? -.infinity : 0
      }
    }
  }
}
