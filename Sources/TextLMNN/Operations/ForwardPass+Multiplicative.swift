import TextLMTensors

extension ForwardPass {
  /// A layer of multiplicative long short-term memory over a whole sequence.
  ///
  /// `input` is the input's part of the gate pre-activations, [T, B, 4H], which is written over where
  /// nobody else holds it; `factor` is W_mx x [T, B, H], `innerWeight` W_mh [H, H], `recurrentWeight`
  /// W_hh [4H, H]. Leaves the state after the last step in `state` and returns all outputs, [T, B, H].
  func multiplicativeLSTM(
    _ input: consuming LayerInput, factor: Tensor, innerWeight: Tensor, recurrentWeight: Tensor,
    restarts: Restarts, state: inout LSTMState
  ) -> Tensor {
    let (inputID, inputGradient) = (input.id, input.gradient)
    let trace = MultiplicativeTrace(
      (consume input).values, factor: factor,
      weights: .init(
        inner: packed(innerWeight, transposed: true),
        recurrent: packed(recurrentWeight, transposed: true)),
      initialHidden: state.hidden, initialCell: state.cell, restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = LSTMState(hidden: lastStep(output), cell: lastStep(trace.cells))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: MultiplicativeTrace? = trace
    let (isInnerTrained, isRecurrentTrained) = (tracks(innerWeight), tracks(recurrentWeight))
    tape.record(
      outputs: [output, state.hidden, state.cell],
      inputs: [
        inputID, factor.id, innerWeight.id, recurrentWeight.id, before.hidden.id, before.cell.id,
      ]
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, mixed, initialHidden) = (trace.hidden, trace.mixed, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1], lastCell: gradients[2],
        weights: .init(
          inner: packs.packed(innerWeight, transposed: false),
          recurrent: packs.packed(recurrentWeight, transposed: false)))
      let innerGradient =
        isInnerTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.products, hidden: hidden, initialHidden: initialHidden,
          restarts: restarts.flags, precision: packs.precision) : nil
      let recurrentGradient =
        isRecurrentTrained
        ? Tensor.product(
          result.preactivations, mixed, transposeLeft: true, precision: packs.precision) : nil
      return [
        inputGradient(result.preactivations), result.factor, innerGradient, recurrentGradient,
        result.initialHidden, result.initialCell,
      ]
    }
    return output
  }
}
