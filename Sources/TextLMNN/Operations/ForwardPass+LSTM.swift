import TextLMTensors

extension ForwardPass {
  /// An LSTM layer over a whole sequence, given the input's part of the gate pre-activations, [T,
  /// B, 4H].
  ///
  /// `recurrentWeight` is W_hh [4H, H]. Leaves the state after the last step in `state` and returns
  /// all outputs, [T, B, H]. Writes over `projected` where nobody else holds it.
  func lstm(
    projected: consuming Tensor, recurrentWeight: Tensor, restarts: Restarts,
    state: inout LSTMState
  ) -> Tensor {
    let input = projected.id
    let trace = LSTMTrace(
      projected: projected, recurrent: packed(recurrentWeight, transposed: true),
      initialHidden: state.hidden, initialCell: state.cell, restarts: restarts.flags)
    return finish(
      trace, input: input, recurrentWeight: recurrentWeight, restarts: restarts, state: &state
    ) { $0 }
  }

  /// The same where each place's part of the pre-activations is the row of `table` [V, 4H] that its
  /// token names.
  func lstm(
    tokens: TokenBatch, table: Tensor, recurrentWeight: Tensor, state: inout LSTMState
  ) -> Tensor {
    let trace = LSTMTrace(
      tokens: tokens.tokens, table: table, recurrent: packed(recurrentWeight, transposed: true),
      initialHidden: state.hidden, initialCell: state.cell, restarts: tokens.restarts.flags)
    let rowCount = table.shape[0]
    return finish(
      trace, input: table.id, recurrentWeight: recurrentWeight, restarts: tokens.restarts,
      state: &state
    ) {
      $0.scatteringRows(tokens.tokens, rowCount: rowCount)
    }
  }

  /// Takes the results out of a trace and records how gradients go back; `inputGradient` turns the
  /// gradient of the pre-activations into that of the tensor they came from.
  private func finish(
    _ trace: consuming LSTMTrace, input: Tensor.ID, recurrentWeight: Tensor,
    restarts: Restarts, state: inout LSTMState, inputGradient: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let output = trace.hidden
    let before = state
    state = LSTMState(hidden: lastStep(output), cell: lastStep(trace.cells))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: LSTMTrace? = trace
    let isWeightTrained = tracks(recurrentWeight)
    tape.record(
      outputs: [output, state.hidden, state.cell],
      inputs: [input, recurrentWeight.id, before.hidden.id, before.cell.id]
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, initialHidden) = (trace.hidden, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1], lastCell: gradients[2],
        recurrent: packs.packed(recurrentWeight, transposed: false))
      let weightGradient =
        isWeightTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.preactivations, hidden: hidden, initialHidden: initialHidden,
          restarts: restarts.flags, precision: packs.precision) : nil
      return [
        inputGradient(result.preactivations), weightGradient, result.initialHidden,
        result.initialCell,
      ]
    }
    return output
  }

  /// The last step of a sequence [T, B, H] as [B, H].
  ///
  /// A copy, except of the only step, so that a carried state does not keep a whole sequence in
  /// memory.
  func lastStep(_ sequence: Tensor) -> Tensor {
    let time = sequence.shape[0]
    let last = sequence[rows: time - 1..<time]
    let kept = time == 1 ? last : Tensor(stacking: [last])
    return kept.reshaped(to: [sequence.shape[1], sequence.shape[2]])
  }
}
