import CTextLMKernels

/// What a layer of gated recurrent units with the reset gate in front of the recurrent product computed
/// over a whole sequence, kept for its backward pass.
///
/// ```
/// r, z = σ(W_ih x + b + W_hh h₋₁)
/// n = tanh(W_in x + b_n + W_hn (r h₋₁))
/// h = (1 − z) n + z h₋₁
/// ```
///
/// Letters: T steps, B rows, H hidden units. The gates together are [T, B, 3H].
package struct GRUBeforeTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// r h₋₁ at each step, [T, B, H]: what W_hn was multiplied with.
  package let reset: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private var gates: Tensor
  /// Where a row's state is zero before a step, [T, B]; nil for nowhere.
  private let restarts: [Bool]?

  /// The recurrent weight's rows of r and z [2H, H] and of n [H, H], packed: both transposed for the
  /// forward pass, both as they are for the backward one.
  package struct Weights {
    let gates: PackedMatrix
    let candidate: PackedMatrix

    /// Those matrices.
    package init(gates: PackedMatrix, candidate: PackedMatrix) {
      self.gates = gates
      self.candidate = candidate
    }
  }

  /// Runs all steps given the input's part of the pre-activations, W_ih x and both biases, which is
  /// written over where nobody else holds it.
  package init(
    _ input: consuming RecurrentInput, weights: Weights, initialHidden: Tensor, restarts: [Bool]?
  ) {
    let shape = input.shape("GRU")
    let (time, batch, hiddenSize) = (shape[0], shape[1], weights.candidate.inputSize)
    require(
      shape[2] == 3 * hiddenSize && weights.gates.outputSize == 2 * hiddenSize
        && initialHidden.shape == [batch, hiddenSize],
      "GRU: gates \(shape) and state \(initialHidden.shape) for \(hiddenSize) units")
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "GRU: restarts are not given for \(time) steps of \(batch) rows")
    let (tokens, table) = input.source
    var gates = input.workspace(shape)
    var reset = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    withExtendedLifetime((weights.gates, weights.candidate, table, initialHidden)) {
      gates.overwriteInPlace { gates in
        reset.overwriteInPlace { reset in
          hidden.overwriteInPlace { hidden in
            tlm_gru_before_forward(
              time, batch, hiddenSize, weights.gates.handle, weights.candidate.handle, tokens,
              table?.address, initialHidden.address, restarts, gates, reset, hidden)
          }
        }
      }
    }
    (self.hidden, self.reset, self.initialHidden) = (hidden, reset, initialHidden)
    (self.gates, self.restarts) = (gates, restarts)
  }

  /// Gradients of the pre-activations [T, B, 3H] and of the initial state [B, H], given those of all
  /// outputs [T, B, H] and of the state after the last step [B, H]; nil is zero. Writes over the
  /// gates, which is why this is the end of the trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, weights: Weights
  ) -> (preactivations: Tensor, initialHidden: Tensor) {
    let (time, batch, hiddenSize) = (hidden.shape[0], hidden.shape[1], hidden.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: hidden.shape)
    let (hidden, initialHidden, restarts) = (hidden, initialHidden, restarts)
    var initialGradient = Tensor(shape: initialHidden.shape) { _ in }
    withExtendedLifetime(
      (weights.gates, weights.candidate, hidden, initialHidden, fromAbove, lastHidden)
    ) {
      gates.overwriteInPlace { gates in
        initialGradient.overwriteInPlace { initialGradient in
          tlm_gru_before_backward(
            time, batch, hiddenSize, weights.gates.handle, weights.candidate.handle,
            hidden.address, initialHidden.address, restarts, fromAbove.address,
            lastHidden?.address, gates, initialGradient)
        }
      }
    }
    return (gates, initialGradient)
  }
}
