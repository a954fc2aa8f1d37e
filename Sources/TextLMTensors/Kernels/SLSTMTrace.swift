import CTextLMKernels

/// What an sLSTM layer computed over a whole sequence, kept for its backward pass.
///
/// ```
/// i, f, z, o = W_ih x + b + W_hh h₋₁
/// n = eⁱ + σ(f) n₋₁;  c = eⁱ tanh(z) + σ(f) c₋₁
/// h = σ(o) c / n
/// ```
///
/// What is kept is m = c / n, a mean of the candidates, and l = ln n, which neither overflow nor need a
/// stabilizer: m moves towards tanh(z) by the share σ(i − l₋₁ − ln σ(f)).
package struct SLSTMTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// Means m, [T, B, H].
  package let means: Tensor
  /// l after the last step, [B, H].
  package let lastWeight: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private let initialMean: Tensor
  private var gates: Tensor
  private let restarts: [Bool]?

  /// l where nothing has been seen.
  package static let noWeight: Float = -1e30

  /// Runs all steps given the input's part of the pre-activations, [T, B, 4H], which is written over
  /// where nobody else holds it.
  ///
  /// `weight` is W_hh transposed; states before the first step are [B, H], and before a step at which
  /// `restarts` [T, B] is true for a row, it has seen nothing.
  package init(
    projected: consuming Tensor, weight: PackedMatrix, initialHidden: Tensor, initialMean: Tensor,
    initialWeight: consuming Tensor, restarts: [Bool]?
  ) {
    let hiddenSize = weight.inputSize
    let state: Shape = [initialHidden.shape[0], hiddenSize]
    require(
      projected.shape.rank == 3 && projected.shape[0] > 0 && projected.shape[1] == state[0]
        && projected.shape[2] == 4 * hiddenSize && weight.outputSize == 4 * hiddenSize
        && initialHidden.shape == state && initialMean.shape == state
        && initialWeight.shape == state,
      """
      sLSTM: projected input \(projected.shape) and states \(initialHidden.shape), \
      \(initialMean.shape), \(initialWeight.shape) for \(hiddenSize) units
      """)
    let (time, batch) = (projected.shape[0], state[0])
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "sLSTM: restarts are not given for \(time) steps of \(batch) rows")
    var means = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    withExtendedLifetime((weight, initialHidden, initialMean)) {
      projected.overwriteInPlace { gates in
        initialWeight.overwriteInPlace { weights in
          means.overwriteInPlace { means in
            hidden.overwriteInPlace { hidden in
              tlm_slstm_forward(
                time, batch, hiddenSize, weight.handle, initialHidden.address,
                initialMean.address, restarts, gates, means, weights, hidden)
            }
          }
        }
      }
    }
    (self.hidden, self.means, lastWeight) = (hidden, means, initialWeight)
    (self.initialHidden, self.initialMean) = (initialHidden, initialMean)
    (gates, self.restarts) = (projected, restarts)
  }

  /// Gradients of the pre-activations [T, B, 4H] and of the first state [B, H], each.
  ///
  /// Takes the gradients of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. `weight` is W_hh as it is. Writes over the gates, which is why this is the end of the
  /// trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, lastMean: Tensor?, lastWeight: Tensor?,
    weight: PackedMatrix
  ) -> (preactivations: Tensor, initialHidden: Tensor, initialMean: Tensor, initialWeight: Tensor) {
    let (time, batch, hiddenSize) = (means.shape[0], means.shape[1], means.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: means.shape)
    let (means, initialMean, restarts) = (means, initialMean, restarts)
    var hidden = lastHidden ?? Tensor(zeros: initialMean.shape)
    var mean = lastMean ?? Tensor(zeros: initialMean.shape)
    var logarithm = lastWeight ?? Tensor(zeros: initialMean.shape)
    withExtendedLifetime((weight, means, initialMean, fromAbove)) {
      gates.overwriteInPlace { gates in
        hidden.overwriteInPlace { hidden in
          mean.overwriteInPlace { mean in
            logarithm.overwriteInPlace { logarithm in
              tlm_slstm_backward(
                time, batch, hiddenSize, weight.handle, means.address, initialMean.address,
                restarts, fromAbove.address, gates, hidden, mean, logarithm)
            }
          }
        }
      }
    }
    return (gates, hidden, mean, logarithm)
  }
}
