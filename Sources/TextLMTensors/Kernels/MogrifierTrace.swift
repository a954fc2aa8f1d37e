import CTextLMKernels

/// What a mogrifier LSTM layer computed over a whole sequence, kept for its backward pass.
///
/// An LSTM before whose steps the input x [D] and the state h₋₁ [H] scale each other: in round i = 1, 3,
/// … x becomes 2σ(Wᵢ h + bᵢ) x, in round i = 2, 4, … h becomes 2σ(Wᵢ x + bᵢ) h.
package struct MogrifierTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// Cell states [T, B, H].
  package let cells: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private let initialCell: Tensor
  private let input: Tensor
  private var gates: Tensor
  /// Of all rounds, one after the other.
  private var scales: Tensor
  private let values: Tensor
  private let restarts: [Bool]?
  private let roundCount: Int

  /// The matrices of the layer, packed: all transposed for the forward pass, all as they are for the
  /// backward one; and the biases, which the forward pass alone needs.
  package struct Weights {
    let rounds: [PackedMatrix]
    let roundBiases: [Tensor]
    let input: PackedMatrix
    let recurrent: PackedMatrix
    let bias: Tensor

    /// Those matrices: [D, H] and [H, D] in turn, [4H, D], [4H, H].
    package init(
      rounds: [PackedMatrix], roundBiases: [Tensor], input: PackedMatrix, recurrent: PackedMatrix,
      bias: Tensor
    ) {
      self.rounds = rounds
      self.roundBiases = roundBiases
      self.input = input
      self.recurrent = recurrent
      self.bias = bias
    }

    /// The same for the kernels; addresses are valid within `body`.
    func withKernelValue(_ body: (UnsafePointer<tlm_mogrifier>) -> Void) {
      let biases = roundBiases.map { Optional($0.address) }
      withExtendedLifetime((rounds, roundBiases, input, recurrent, bias)) {
        rounds.map { Optional($0.handle) }.withUnsafeBufferPointer { rounds in
          biases.withUnsafeBufferPointer { biases in
            var value = tlm_mogrifier(
              rounds: rounds.count, weights: rounds.baseAddress, biases: biases.baseAddress,
              input: input.handle, recurrent: recurrent.handle, bias: bias.address)
            body(&value)
          }
        }
      }
    }
  }

  /// Runs all steps of `input` [T, B, D]; states before the first step are [B, H], and before a step at
  /// which `restarts` [T, B] is true for a row, its state is zero.
  package init(
    _ input: Tensor, weights: Weights, initialHidden: Tensor, initialCell: Tensor,
    restarts: [Bool]?
  ) {
    let hiddenSize = weights.recurrent.inputSize
    require(
      input.shape.rank == 3 && input.shape[0] > 0 && input.shape[2] == weights.input.inputSize
        && weights.recurrent.outputSize == 4 * hiddenSize
        && weights.rounds.count == weights.roundBiases.count
        && initialHidden.shape == [input.shape[1], hiddenSize]
        && initialCell.shape == initialHidden.shape,
      """
      mogrifier: input \(input.shape) and state \(initialHidden.shape), \(initialCell.shape) for \
      \(hiddenSize) units
      """)
    let (time, batch, inputSize) = (input.shape[0], input.shape[1], input.shape[2])
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "mogrifier: restarts are not given for \(time) steps of \(batch) rows")
    let places = time * batch
    let roundCount = weights.rounds.count
    let roundsSize = places * ((roundCount + 1) / 2 * inputSize + roundCount / 2 * hiddenSize)
    var scales = Tensor(shape: [roundsSize]) { _ in }
    var values = Tensor(shape: [roundsSize]) { _ in }
    var gates = Tensor(shape: [time, batch, 4 * hiddenSize]) { _ in }
    var cells = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    withExtendedLifetime((input, initialHidden, initialCell)) {
      weights.withKernelValue { layer in
        scales.overwriteInPlace { scales in
          values.overwriteInPlace { values in
            gates.overwriteInPlace { gates in
              cells.overwriteInPlace { cells in
                hidden.overwriteInPlace { hidden in
                  tlm_mogrifier_forward(
                    time, batch, inputSize, hiddenSize, layer, input.address,
                    initialHidden.address, initialCell.address, restarts, scales, values, gates,
                    cells, hidden)
                }
              }
            }
          }
        }
      }
    }
    (self.hidden, self.cells, self.input, self.gates) = (hidden, cells, input, gates)
    (self.initialHidden, self.initialCell) = (initialHidden, initialCell)
    (self.scales, self.values) = (scales, values)
    (self.restarts, self.roundCount) = (restarts, roundCount)
  }

  /// The round's part of `tensor`, [T, B, D] or [T, B, H]; rounds count from 1.
  private func part(_ round: Int, of tensor: Tensor) -> Tensor {
    let (time, batch) = (input.shape[0], input.shape[1])
    let (inputSize, hiddenSize) = (input.shape[2], cells.shape[2])
    let start = time * batch * (round / 2 * inputSize + (round - 1) / 2 * hiddenSize)
    let width = round.isMultiple(of: 2) ? hiddenSize : inputSize
    return tensor[rows: start..<start + time * batch * width].reshaped(to: [time, batch, width])
  }

  /// What the last round of that kind, before round `end`, made; nil where there is none.
  private func latest(ofInput: Bool, before end: Int) -> Tensor? {
    (1..<max(end, 1)).last { $0.isMultiple(of: 2) != ofInput }.map { part($0, of: values) }
  }

  /// Gradients of what the layer was given.
  package struct Gradients {
    package let input: Tensor
    package let initialHidden: Tensor
    package let initialCell: Tensor
    /// Of the matrices, nil unless asked for, and biases, in the order of the rounds.
    package let rounds: [(weight: Tensor?, bias: Tensor)]
    package let inputWeight: Tensor?
    package let recurrentWeight: Tensor?
    package let bias: Tensor
  }

  /// Gradients, given those of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. Writes over what was kept, which is why this is the end of the trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, lastCell: Tensor?, weights: Weights,
    ofWeights: Bool, precision: ComputePrecision
  ) -> Gradients {
    let (time, batch) = (input.shape[0], input.shape[1])
    let (inputSize, hiddenSize) = (input.shape[2], cells.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: cells.shape)
    let (input, values, hidden, cells) = (input, values, hidden, cells)
    let (initialHidden, initialCell, restarts) = (initialHidden, initialCell, restarts)
    var inputGradient = Tensor(shape: input.shape) { _ in }
    var hiddenStart = Tensor(shape: initialHidden.shape) { _ in }
    var cellStart = Tensor(shape: initialCell.shape) { _ in }
    withExtendedLifetime(
      (input, values, hidden, cells, initialHidden, initialCell, fromAbove, lastHidden, lastCell)
    ) {
      weights.withKernelValue { layer in
        scales.overwriteInPlace { scales in
          gates.overwriteInPlace { gates in
            inputGradient.overwriteInPlace { inputGradient in
              hiddenStart.overwriteInPlace { hiddenStart in
                cellStart.overwriteInPlace { cellStart in
                  tlm_mogrifier_backward(
                    time, batch, inputSize, hiddenSize, layer, input.address, values.address,
                    hidden.address, initialHidden.address, cells.address, initialCell.address,
                    restarts, fromAbove.address, lastHidden?.address, lastCell?.address, scales,
                    gates, inputGradient, hiddenStart, cellStart)
                }
              }
            }
          }
        }
      }
    }
    /// Of a weight whose products had `gradient`, and that met what a round left of the input or of
    /// the state, or else the input or the state itself.
    func weightGradient(_ gradient: Tensor, ofInput: Bool, before round: Int) -> Tensor? {
      guard ofWeights else { return nil }
      if let met = latest(ofInput: ofInput, before: round) ?? (ofInput ? input : nil) {
        return Tensor.product(gradient, met, transposeLeft: true, precision: precision)
      }
      return Tensor.recurrentWeightGradient(
        preactivations: gradient, hidden: hidden, initialHidden: initialHidden,
        restarts: restarts, precision: precision)
    }
    let all = roundCount + 1
    let rounds = (1..<all).map { round in
      let gradient = part(round, of: scales)
      let ofInput = round.isMultiple(of: 2)
      return (
        weight: weightGradient(gradient, ofInput: ofInput, before: round),
        bias: gradient.columnSums()
      )
    }
    return Gradients(
      input: inputGradient, initialHidden: hiddenStart, initialCell: cellStart, rounds: rounds,
      inputWeight: weightGradient(gates, ofInput: true, before: all),
      recurrentWeight: weightGradient(gates, ofInput: false, before: all),
      bias: gates.columnSums())
  }
}
