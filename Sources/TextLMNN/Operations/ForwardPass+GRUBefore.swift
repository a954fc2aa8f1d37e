import TextLMTensors

extension ForwardPass {
  /// A layer of gated recurrent units, the reset gate in front of the recurrent product, over a whole
  /// sequence.
  ///
  /// `input` is W_ih x with both biases, [T, B, 3H], which is written over where nobody else holds it;
  /// `recurrentWeight` is W_hh [3H, H]. Leaves the state after the last step in `state` and returns all
  /// outputs, [T, B, H].
  func gruResettingBefore(
    _ input: consuming LayerInput, recurrentWeight: Tensor, restarts: Restarts,
    state: inout HiddenState
  ) -> Tensor {
    let (inputID, inputGradient) = (input.id, input.gradient)
    let hiddenSize = recurrentWeight.shape[1]
    let gateRows = 0..<2 * hiddenSize
    let candidateRows = 2 * hiddenSize..<3 * hiddenSize
    func weights(_ packs: PackCache, transposed: Bool) -> GRUBeforeTrace.Weights {
      GRUBeforeTrace.Weights(
        gates: packs.packed(recurrentWeight, rows: gateRows, transposed: transposed),
        candidate: packs.packed(recurrentWeight, rows: candidateRows, transposed: transposed))
    }
    let trace = GRUBeforeTrace(
      (consume input).values, weights: weights(packs, transposed: true),
      initialHidden: state.hidden, restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = HiddenState(hidden: lastStep(output))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: GRUBeforeTrace? = trace
    let isWeightTrained = tracks(recurrentWeight)
    tape.record(
      outputs: [output, state.hidden], inputs: [inputID, recurrentWeight.id, before.hidden.id]
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, reset, initialHidden) = (trace.hidden, trace.reset, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1],
        weights: weights(packs, transposed: false))
      var weightGradient: Tensor?
      if isWeightTrained {
        let ofGates = Tensor.recurrentWeightGradient(
          preactivations: result.preactivations.columns(gateRows), hidden: hidden,
          initialHidden: initialHidden, restarts: restarts.flags, precision: packs.precision)
        let ofCandidate = Tensor.product(
          result.preactivations.columns(candidateRows), reset, transposeLeft: true,
          precision: packs.precision)
        weightGradient = Tensor(stacking: [ofGates, ofCandidate])
      }
      return [inputGradient(result.preactivations), weightGradient, result.initialHidden]
    }
    return output
  }
}
