import CTextLMKernels

/// Windows of earlier steps, one for each step: place j of step t is row t + j of keys or values.
///
/// Letters: T steps, B rows, `count` places.
package struct StepWindows: Equatable {
  /// Places of a window.
  package let count: Int

  /// Nothing but the fields.
  package init(count: Int) {
    self.count = count
  }

  /// Scores [T, B, count] of queries [T, B, D] against keys [rows, B, D]: products q · k, or with
  /// factors [D], Σ factors tanh(q + k). Requires T + count − 1 rows at least.
  package func scores(queries: Tensor, keys: Tensor, factors: Tensor?) -> Tensor {
    var window = kernelValue(queries, keys)
    return withExtendedLifetime(factors) {
      queries.mapped(with: keys, to: [queries.shape[0], queries.shape[1], count]) {
        tlm_window_scores(&window, $0, $1, factors?.address, $2)
      }
    }
  }

  /// Gradients of queries, keys and factors from that of the scores.
  package func scoreGradients(
    _ scoresGradient: Tensor, queries: Tensor, keys: Tensor, factors: Tensor?
  ) -> (queries: Tensor, keys: Tensor, factors: Tensor?) {
    var window = kernelValue(queries, keys)
    var keysGradient = Tensor(shape: keys.shape) { _ in }
    var factorParts = Tensor(shape: [keys.shape[1], factors == nil ? 0 : keys.shape[2]]) { _ in }
    let queriesGradient = withExtendedLifetime((scoresGradient, factors)) {
      queries.mapped(with: keys, to: queries.shape) { queries, keys, queriesGradient in
        keysGradient.overwrite { _, keysGradient in
          factorParts.overwrite { _, parts in
            tlm_window_scores_backward(
              &window, queries, keys, factors?.address, scoresGradient.address, queriesGradient,
              keysGradient, factors == nil ? nil : parts)
          }
        }
      }
    }
    return (queriesGradient, keysGradient, factors == nil ? nil : factorParts.columnSums())
  }

  /// Sums [T, B, D] of the windows' values [rows, B, D], weighted with [T, B, count].
  package func sums(weights: Tensor, values: Tensor) -> Tensor {
    var window = kernelValue(weights, values)
    return weights.mapped(with: values, to: weights.shape.replacingWidth(values.shape[2])) {
      tlm_window_sums(&window, $0, $1, $2)
    }
  }

  /// Gradients of weights and values from that of the sums.
  package func sumGradients(
    _ sumsGradient: Tensor, weights: Tensor, values: Tensor
  ) -> (weights: Tensor, values: Tensor) {
    var window = kernelValue(weights, values)
    var valuesGradient = Tensor(shape: values.shape) { _ in }
    let weightsGradient = withExtendedLifetime(sumsGradient) {
      weights.mapped(with: values, to: weights.shape) { weights, values, weightsGradient in
        valuesGradient.overwrite { _, valuesGradient in
          tlm_window_sums_backward(
            &window, weights, values, sumsGradient.address, weightsGradient, valuesGradient)
        }
      }
    }
    return (weightsGradient, valuesGradient)
  }

  private func kernelValue(_ steps: Tensor, _ rows: Tensor) -> tlm_window {
    require(
      steps.shape.rank == 3 && rows.shape.rank == 3 && steps.shape[1] == rows.shape[1]
        && rows.shape[0] >= steps.shape[0] + count - 1,
      "windows: \(count) places of \(rows.shape) for steps \(steps.shape)")
    return tlm_window(
      T: steps.shape[0], B: steps.shape[1], count: count, width: rows.shape[2],
      rows: rows.shape[0])
  }
}
