import TextLMTensors

extension ForwardPass {
  /// An sLSTM layer over a whole sequence, given the input's part of the gates i, f, z, o, [T, B, 4H],
  /// which is written over where nobody else holds it.
  ///
  /// `recurrentWeight` is W_hh [4H, H]. Leaves the state after the last step in `state` and returns
  /// all outputs, [T, B, H].
  func slstm(
    projected: consuming Tensor, recurrentWeight: Tensor, restarts: Restarts,
    state: inout SLSTMState
  ) -> Tensor {
    let input = projected.id
    let before = state
    let trace = SLSTMTrace(
      projected: projected, weight: packed(recurrentWeight, transposed: true),
      initialHidden: state.hidden, initialMean: state.mean, initialWeight: state.weight,
      restarts: restarts.flags)
    let output = trace.hidden
    state = SLSTMState(
      hidden: lastStep(output), mean: lastStep(trace.means), weight: trace.lastWeight)
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: SLSTMTrace? = trace
    let isWeightTrained = tracks(recurrentWeight)
    tape.record(
      outputs: [output, state.hidden, state.mean, state.weight],
      inputs: [
        input, recurrentWeight.id, before.hidden.id, before.mean.id, before.weight.id,
      ]
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, initialHidden) = (trace.hidden, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1], lastMean: gradients[2],
        lastWeight: gradients[3], weight: packs.packed(recurrentWeight, transposed: false))
      let weightGradient =
        isWeightTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.preactivations, hidden: hidden, initialHidden: initialHidden,
          restarts: restarts.flags, precision: packs.precision) : nil
      return [
        result.preactivations, weightGradient, result.initialHidden, result.initialMean,
        result.initialWeight,
      ]
    }
    return output
  }
}
