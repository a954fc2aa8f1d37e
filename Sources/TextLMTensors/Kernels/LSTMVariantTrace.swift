import CTextLMKernels

/// What an LSTM layer with normalization or zoneout computed over a whole sequence, kept for its
/// backward pass.
///
/// Letters: T steps, B rows, H hidden units.
package struct LSTMVariantTrace {
  /// Gradients of everything that a run read.
  package struct Gradients {
    /// Of the input's part of the pre-activations, [T, B, 4H].
    package let preactivations: Tensor
    /// Of W_hh h₋₁, [T, B, 4H].
    package let recurrentProducts: Tensor
    /// Of h before the first step, [B, H].
    package let initialHidden: Tensor
    /// Of c before the first step, [B, H].
    package let initialCell: Tensor
    /// Of the recurrent gain [4H], the cell's gain [H] and its bias [H]; zeros without
    /// normalization.
    package let recurrentGain, cellGain, cellBias: Tensor
  }

  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// Cell states [T, B, H].
  package let cells: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private let initialCell: Tensor
  private let variant: LSTMVariant
  private let restarts: [Bool]?
  /// Activated gates, [T, B, 4H].
  private var gates: Tensor
  /// W_hh h₋₁, normalized where it is, [T, B, 4H].
  private var normal: Tensor
  /// 1 / √(variance + ε) of each gate, [T, B, 4].
  private let scales: Tensor

  /// Runs all steps given the input's part of the pre-activations, [T, B, 4H].
  ///
  /// Overwrites `projected` where nobody else holds it. `recurrent` is W_hh transposed; the initial
  /// state is [B, H], and before a step at which `restarts` [T, B] is true for a row, its state is
  /// zero.
  package init(
    projected: consuming Tensor, recurrent: PackedMatrix, variant: LSTMVariant,
    initialHidden: Tensor, initialCell: Tensor, restarts: [Bool]?
  ) {
    let hiddenSize = recurrent.inputSize
    let state: Shape = [initialHidden.shape[0], hiddenSize]
    require(
      projected.shape.rank == 3 && projected.shape[0] > 0 && projected.shape[1] == state[0]
        && projected.shape[2] == 4 * hiddenSize && initialHidden.shape == state
        && initialCell.shape == state,
      """
      LSTM: projected input \(projected.shape) and state \(initialHidden.shape), \
      \(initialCell.shape) for \(hiddenSize) units
      """)
    let (time, batch) = (projected.shape[0], state[0])
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "LSTM: restarts are not given for \(time) steps of \(batch) rows")
    variant.requireSizes(hiddenSize: hiddenSize)
    var cells = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var normal = Tensor(shape: projected.shape) { _ in }
    var scales = Tensor(zeros: [time, batch, 4])
    let gateCount = projected.shape.count
    withExtendedLifetime((recurrent, initialHidden, initialCell)) {
      projected.overwrite { before, gates in
        if before != UnsafePointer(gates) { gates.update(from: before, count: gateCount) }
        cells.overwrite { _, cells in
          hidden.overwrite { _, hidden in
            normal.overwrite { _, normal in
              scales.overwrite { _, scales in
                variant.withKernelValue { variant in
                  tlm_lstm_variant_forward(
                    time, batch, hiddenSize, recurrent.handle, &variant, initialHidden.address,
                    initialCell.address, restarts, gates, normal, scales, cells, hidden)
                }
              }
            }
          }
        }
      }
    }
    (self.hidden, self.cells, self.variant, self.restarts) = (hidden, cells, variant, restarts)
    (self.initialHidden, self.initialCell) = (initialHidden, initialCell)
    (gates, self.normal, self.scales) = (projected, normal, scales)
  }

  /// Gradients, given those of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero.
  ///
  /// `recurrent` is W_hh as it is. Writes over what was kept, which is why this is the end of the
  /// trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, lastCell: Tensor?, recurrent: PackedMatrix
  ) -> Gradients {
    let (time, batch, hiddenSize) = (cells.shape[0], cells.shape[1], cells.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: cells.shape)
    let (cells, initialCell, restarts, scales) = (cells, initialCell, restarts, scales)
    let variant = variant
    var initialHiddenGradient = Tensor(shape: initialCell.shape) { _ in }
    var initialCellGradient = Tensor(shape: initialCell.shape) { _ in }
    var gains = Tensor(shape: [batch, 6 * hiddenSize]) { _ in }
    let keptCount = gates.shape.count
    withExtendedLifetime((recurrent, cells, initialCell, fromAbove, lastHidden, lastCell, scales)) {
      gates.overwrite { before, gates in
        if before != UnsafePointer(gates) { gates.update(from: before, count: keptCount) }
        normal.overwrite { before, normal in
          if before != UnsafePointer(normal) { normal.update(from: before, count: keptCount) }
          gains.overwrite { _, gains in
            initialHiddenGradient.overwrite { _, initialHidden in
              initialCellGradient.overwrite { _, initialCellOut in
                variant.withKernelValue { variant in
                  tlm_lstm_variant_backward(
                    time, batch, hiddenSize, recurrent.handle, &variant, cells.address,
                    initialCell.address, restarts, fromAbove.address, lastHidden?.address,
                    lastCell?.address, gates, normal, scales.address, gains, initialHidden,
                    initialCellOut)
                }
              }
            }
          }
        }
      }
    }
    let sums = gains.columnSums()
    return Gradients(
      preactivations: gates, recurrentProducts: normal, initialHidden: initialHiddenGradient,
      initialCell: initialCellGradient, recurrentGain: sums[rows: 0..<4 * hiddenSize],
      cellGain: sums[rows: 4 * hiddenSize..<5 * hiddenSize],
      cellBias: sums[rows: 5 * hiddenSize..<6 * hiddenSize])
  }
}
