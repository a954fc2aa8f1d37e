import TextLMTensors

extension ForwardPass {
  /// An LSTM layer with normalization or zoneout over a whole sequence, given the input's part of the
  /// gate pre-activations, [T, B, 4H].
  ///
  /// `recurrentWeight` is W_hh [4H, H]. Leaves the state after the last step in `state` and returns
  /// all outputs, [T, B, H]. In training zoneout draws its masks from the pass; in inference it mixes
  /// old and new as the masks do on average.
  func lstm(
    projected: consuming Tensor, recurrentWeight: Tensor,
    normalization: LSTMVariant.Normalization?, zoneout: LSTM.Zoneout, restarts: Restarts,
    state: inout LSTMState
  ) -> Tensor {
    let input = projected.id
    let isSampled = mode == .training && zoneout != .none
    let trace = LSTMVariantTrace(
      projected: projected, recurrent: packed(recurrentWeight, transposed: true),
      variant: LSTMVariant(
        normalization: normalization, zoneoutCell: zoneout.cell, zoneoutHidden: zoneout.hidden,
        keys: isSampled ? (cell: random.next(), hidden: random.next()) : nil),
      initialHidden: state.hidden, initialCell: state.cell, restarts: restarts.flags)
    let output = trace.hidden
    let before = state
    state = LSTMState(hidden: lastStep(output), cell: lastStep(trace.cells))
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: LSTMVariantTrace? = trace
    let isWeightTrained = tracks(recurrentWeight)
    let gains = normalization.map { [$0.recurrentGain.id, $0.cellGain.id, $0.cellBias.id] } ?? []
    tape.record(
      outputs: [output, state.hidden, state.cell],
      inputs: [input, recurrentWeight.id, before.hidden.id, before.cell.id] + gains
    ) { [packs] gradients in
      guard let trace = remaining.take() else { return [] }
      let (hidden, initialHidden) = (trace.hidden, trace.initialHidden)
      let result = (consume trace).gradients(
        hidden: gradients[0], lastHidden: gradients[1], lastCell: gradients[2],
        recurrent: packs.packed(recurrentWeight, transposed: false))
      let weightGradient =
        isWeightTrained
        ? Tensor.recurrentWeightGradient(
          preactivations: result.recurrentProducts, hidden: hidden, initialHidden: initialHidden,
          restarts: restarts.flags, precision: packs.precision) : nil
      return [
        result.preactivations, weightGradient, result.initialHidden, result.initialCell,
        result.recurrentGain, result.cellGain, result.cellBias,
      ]
    }
    return output
  }
}
