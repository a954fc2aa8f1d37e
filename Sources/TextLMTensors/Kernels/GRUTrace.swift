import CTextLMKernels

/// What a layer of gated recurrent units computed over a whole sequence, kept for its backward pass.
///
/// ```
/// r, z = σ(W_ih x + b_ih + W_hh h₋₁ + b_hh)
/// n = tanh(W_in x + b_in + r (W_hn h₋₁ + b_hn))
/// h = (1 − z) n + z h₋₁
/// ```
///
/// Letters: T steps, B rows, H hidden units. W_hh is [3H, H], the gates together are [T, B, 3H].
package struct GRUTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  /// Activated gates [T, B, 3H].
  private var gates: Tensor
  /// W_hh h₋₁ + b_hh, [T, B, 3H].
  private var recurrent: Tensor
  /// Where a row's state is zero before a step, [T, B]; nil for nowhere.
  private let restarts: [Bool]?

  /// Runs all steps given the input's part of the pre-activations, W_ih x + b_ih, which is written
  /// over where nobody else holds it.
  ///
  /// `weight` is W_hh transposed, `bias` b_hh [3H]; the initial state is [B, H], and before a step at
  /// which `restarts` [T, B] is true for a row, its state is zero.
  package init(
    _ input: consuming RecurrentInput, weight: PackedMatrix, bias: Tensor, initialHidden: Tensor,
    restarts: [Bool]?
  ) {
    let shape = input.shape("GRU")
    let (time, batch, hiddenSize) = (shape[0], shape[1], weight.inputSize)
    require(
      shape[2] == 3 * hiddenSize && weight.outputSize == 3 * hiddenSize
        && bias.shape == [3 * hiddenSize],
      """
      GRU: gates \(shape), recurrent weights [\(weight.outputSize), \(hiddenSize)] and bias \
      \(bias.shape) do not match
      """)
    require(
      initialHidden.shape == [batch, hiddenSize],
      "GRU: state \(initialHidden.shape) is not [\(batch), \(hiddenSize)]")
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "GRU: restarts are not given for \(time) steps of \(batch) rows")
    let (tokens, table) = input.source
    var gates = input.workspace(shape)
    var recurrent = Tensor(shape: shape) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    withExtendedLifetime((weight, bias, table, initialHidden)) {
      gates.overwriteInPlace { gates in
        recurrent.overwriteInPlace { recurrent in
          hidden.overwriteInPlace { hidden in
            tlm_gru_forward(
              time, batch, hiddenSize, weight.handle, bias.address, tokens, table?.address,
              initialHidden.address, restarts, gates, recurrent, hidden)
          }
        }
      }
    }
    (self.hidden, self.initialHidden, self.restarts) = (hidden, initialHidden, restarts)
    (self.gates, self.recurrent) = (gates, recurrent)
  }

  /// Gradients of the input's part [T, B, 3H], of the recurrence's part, W_hh h₋₁ + b_hh, [T, B, 3H],
  /// and of the initial state [B, H].
  ///
  /// Takes the gradients of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. `weight` is W_hh as it is. Writes over what was kept, which is why this is the end of
  /// the trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, weight: PackedMatrix
  ) -> (input: Tensor, recurrent: Tensor, initialHidden: Tensor) {
    let (time, batch, hiddenSize) = (hidden.shape[0], hidden.shape[1], hidden.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: hidden.shape)
    let (hidden, initialHidden, restarts) = (hidden, initialHidden, restarts)
    var initialGradient = Tensor(shape: initialHidden.shape) { _ in }
    withExtendedLifetime((weight, hidden, initialHidden, fromAbove, lastHidden)) {
      gates.overwriteInPlace { gates in
        recurrent.overwriteInPlace { recurrent in
          initialGradient.overwriteInPlace { initialGradient in
            tlm_gru_backward(
              time, batch, hiddenSize, weight.handle, hidden.address, initialHidden.address,
              restarts, fromAbove.address, lastHidden?.address, gates, recurrent, initialGradient)
          }
        }
      }
    }
    return (gates, recurrent, initialGradient)
  }
}
