import CTextLMKernels

/// What a layer of multiplicative long short-term memory computed over a whole sequence, kept for its
/// backward pass.
///
/// ```
/// m = factor · (W_mh h₋₁),  factor = W_mx x
/// i, f, g, o = W_ih x + b + W_hh m
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(c)
/// ```
///
/// Letters: T steps, B rows, H hidden units. W_mh is [H, H], W_hh [4H, H].
package struct MultiplicativeTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// Cell states [T, B, H].
  package let cells: Tensor
  /// m at each step, [T, B, H]: what W_hh was multiplied with.
  package let mixed: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private let initialCell: Tensor
  private let factor: Tensor
  private var gates: Tensor
  private var products: Tensor
  /// Where a row's state is zero before a step, [T, B]; nil for nowhere.
  private let restarts: [Bool]?

  /// The two recurrent weights, packed: both transposed for the forward pass, both as they are for
  /// the backward one.
  package struct Weights {
    let inner: PackedMatrix
    let recurrent: PackedMatrix

    /// W_mh and W_hh.
    package init(inner: PackedMatrix, recurrent: PackedMatrix) {
      self.inner = inner
      self.recurrent = recurrent
    }
  }

  /// Runs all steps given the input's part of the gates' pre-activations, which is written over where
  /// nobody else holds it, and the factor W_mx x [T, B, H].
  ///
  /// The initial state is [B, H], and before a step at which `restarts` [T, B] is true for a row, its
  /// state is zero.
  package init(
    _ input: consuming RecurrentInput, factor: Tensor, weights: Weights, initialHidden: Tensor,
    initialCell: Tensor, restarts: [Bool]?
  ) {
    let shape = input.shape("multiplicative LSTM")
    let (time, batch, hiddenSize) = (shape[0], shape[1], weights.recurrent.inputSize)
    require(
      shape[2] == 4 * hiddenSize && weights.recurrent.outputSize == 4 * hiddenSize
        && weights.inner.inputSize == hiddenSize && weights.inner.outputSize == hiddenSize
        && factor.shape == [time, batch, hiddenSize]
        && initialHidden.shape == [batch, hiddenSize] && initialCell.shape == [batch, hiddenSize],
      """
      multiplicative LSTM: gates \(shape), factor \(factor.shape) and state \(initialHidden.shape), \
      \(initialCell.shape) for \(hiddenSize) units
      """)
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "multiplicative LSTM: restarts are not given for \(time) steps of \(batch) rows")
    let (tokens, table) = input.source
    var gates = input.workspace(shape)
    var products = Tensor(shape: factor.shape) { _ in }
    var mixed = Tensor(shape: factor.shape) { _ in }
    var cells = Tensor(shape: factor.shape) { _ in }
    var hidden = Tensor(shape: factor.shape) { _ in }
    withExtendedLifetime((weights.inner, weights.recurrent, table, initialHidden, initialCell)) {
      gates.overwriteInPlace { gates in
        products.overwriteInPlace { products in
          mixed.overwriteInPlace { mixed in
            cells.overwriteInPlace { cells in
              hidden.overwriteInPlace { hidden in
                tlm_multiplicative_forward(
                  time, batch, hiddenSize, weights.inner.handle, weights.recurrent.handle, tokens,
                  table?.address, factor.address, initialHidden.address, initialCell.address,
                  restarts, gates, products, mixed, cells, hidden)
              }
            }
          }
        }
      }
    }
    (self.hidden, self.cells, self.mixed) = (hidden, cells, mixed)
    (self.initialHidden, self.initialCell) = (initialHidden, initialCell)
    (self.gates, self.products, self.factor) = (gates, products, factor)
    self.restarts = restarts
  }

  /// What gradients flow back.
  package struct Gradients {
    /// Of the gates' pre-activations, [T, B, 4H].
    package let preactivations: Tensor
    /// Of W_mh h₋₁, [T, B, H].
    package let products: Tensor
    /// Of the factor, [T, B, H].
    package let factor: Tensor
    package let initialHidden: Tensor
    package let initialCell: Tensor
  }

  /// Gradients, given those of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. Writes over what was kept, which is why this is the end of the trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, lastCell: Tensor?, weights: Weights
  ) -> Gradients {
    let (time, batch, hiddenSize) = (cells.shape[0], cells.shape[1], cells.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: cells.shape)
    let (cells, initialCell, restarts, factor) = (cells, initialCell, restarts, factor)
    var factorGradient = Tensor(shape: factor.shape) { _ in }
    var initialHidden = Tensor(shape: initialCell.shape) { _ in }
    var initialCellGradient = Tensor(shape: initialCell.shape) { _ in }
    withExtendedLifetime(
      (weights.inner, weights.recurrent, cells, initialCell, fromAbove, lastHidden, lastCell)
    ) {
      gates.overwriteInPlace { gates in
        products.overwriteInPlace { products in
          factorGradient.overwriteInPlace { factorGradient in
            initialHidden.overwriteInPlace { initialHidden in
              initialCellGradient.overwriteInPlace { initialCellGradient in
                tlm_multiplicative_backward(
                  time, batch, hiddenSize, weights.inner.handle, weights.recurrent.handle,
                  factor.address, cells.address, initialCell.address, restarts, fromAbove.address,
                  lastHidden?.address, lastCell?.address, gates, products, factorGradient,
                  initialHidden, initialCellGradient)
              }
            }
          }
        }
      }
    }
    return Gradients(
      preactivations: gates, products: products, factor: factorGradient,
      initialHidden: initialHidden, initialCell: initialCellGradient)
  }
}
