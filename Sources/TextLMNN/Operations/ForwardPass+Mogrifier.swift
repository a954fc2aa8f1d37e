import TextLMTensors

/// The parameters of a mogrifier LSTM layer in a pass, H being its width and D that of its input.
struct MogrifierValues {
  /// Matrices [D, H] and [H, D] in turn.
  var rounds: [(weight: Tensor, bias: Tensor)]
  /// [4H, D]
  var inputWeight: Tensor
  /// [4H, H]
  var recurrentWeight: Tensor
  /// [4H]
  var bias: Tensor

  func packed(_ packs: PackCache, transposed: Bool) -> MogrifierTrace.Weights {
    MogrifierTrace.Weights(
      rounds: rounds.map { packs.packed($0.weight, transposed: transposed) },
      roundBiases: rounds.map(\.bias), input: packs.packed(inputWeight, transposed: transposed),
      recurrent: packs.packed(recurrentWeight, transposed: transposed), bias: bias)
  }

  var ids: [Tensor.ID] {
    rounds.flatMap { [$0.weight.id, $0.bias.id] } + [inputWeight.id, recurrentWeight.id, bias.id]
  }
}

extension ForwardPass {
  /// A mogrifier LSTM layer over a whole sequence [T, B, D].
  ///
  /// Leaves the state after the last step in `state` and returns all outputs, [T, B, H].
  func mogrifier(
    _ input: Tensor, _ parameters: MogrifierValues, restarts: Restarts, state: inout LSTMState
  ) -> Tensor {
    let trace = MogrifierTrace(
      input, weights: parameters.packed(packs, transposed: true), initialHidden: state.hidden,
      initialCell: state.cell, restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = LSTMState(hidden: lastStep(output), cell: lastStep(trace.cells))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: MogrifierTrace? = trace
    let isTrained = tracks(parameters.inputWeight) || tracks(parameters.recurrentWeight)
    tape.record(
      outputs: [output, state.hidden, state.cell],
      inputs: [input.id, before.hidden.id, before.cell.id] + parameters.ids
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1], lastCell: gradients[2],
        weights: parameters.packed(packs, transposed: false), ofWeights: isTrained,
        precision: packs.precision)
      return [result.input, result.initialHidden, result.initialCell]
        + result.rounds.flatMap { [$0.weight, $0.bias] }
        + [result.inputWeight, result.recurrentWeight, result.bias]
    }
    return output
  }
}
