import TextLMTensors

extension ForwardPass {
  /// A layer of gated recurrent units over a whole sequence.
  ///
  /// `input` is the input's part of the gate pre-activations, W_ih x + b_ih, [T, B, 3H], which is
  /// written over where nobody else holds it; `recurrentWeight` is W_hh [3H, H], `recurrentBias` b_hh
  /// [3H]. Leaves the state after the last step in `state` and returns all outputs, [T, B, H].
  func gru(
    _ input: consuming LayerInput, recurrentWeight: Tensor, recurrentBias: Tensor,
    restarts: Restarts, state: inout HiddenState
  ) -> Tensor {
    let (inputID, inputGradient) = (input.id, input.gradient)
    let trace = GRUTrace(
      (consume input).values, weight: packed(recurrentWeight, transposed: true),
      bias: recurrentBias, initialHidden: state.hidden, restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = HiddenState(hidden: lastStep(output))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: GRUTrace? = trace
    let isWeightTrained = tracks(recurrentWeight)
    tape.record(
      outputs: [output, state.hidden],
      inputs: [inputID, recurrentWeight.id, recurrentBias.id, before.hidden.id]
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, initialHidden) = (trace.hidden, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1],
        weight: packs.packed(recurrentWeight, transposed: false))
      let weightGradient =
        isWeightTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.recurrent, hidden: hidden, initialHidden: initialHidden,
          restarts: restarts.flags, precision: packs.precision) : nil
      return [
        inputGradient(result.input), weightGradient, result.recurrent.columnSums(),
        result.initialHidden,
      ]
    }
    return output
  }

  /// A layer of Elman's network over a whole sequence: h = f(a + W_hh h₋₁).
  ///
  /// `input` is a, W_ih x with both biases, [T, B, H], which is written over where nobody else holds
  /// it; `recurrentWeight` is W_hh [H, H]. Leaves the state after the last step in `state` and returns
  /// all outputs, [T, B, H].
  func elman(
    _ input: consuming LayerInput, nonlinearity: Nonlinearity, recurrentWeight: Tensor,
    restarts: Restarts, state: inout HiddenState
  ) -> Tensor {
    let (inputID, inputGradient) = (input.id, input.gradient)
    let trace = ElmanTrace(
      (consume input).values, nonlinearity: nonlinearity,
      weight: packed(recurrentWeight, transposed: true), initialHidden: state.hidden,
      restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = HiddenState(hidden: lastStep(output))
    guard let tape else { return output }
    let isWeightTrained = tracks(recurrentWeight)
    tape.record(
      outputs: [output, state.hidden], inputs: [inputID, recurrentWeight.id, before.hidden.id]
    ) { [packs] gradients in
      let result = trace.gradients(
        hidden: gradients[0], lastHidden: gradients[1],
        weight: packs.packed(recurrentWeight, transposed: false))
      let weightGradient =
        isWeightTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.preactivations, hidden: trace.hidden,
          initialHidden: trace.initialHidden, restarts: restarts.flags,
          precision: packs.precision) : nil
      return [inputGradient(result.preactivations), weightGradient, result.initialHidden]
    }
    return output
  }
}
