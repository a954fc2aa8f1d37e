package import TextLMTensors

extension ForwardPass {
  /// A recurrence without products over a whole sequence.
  ///
  /// Takes gates [T, B, G · H], which are written over where nobody else holds them, and, for scans
  /// that have them, parameters [P, H] and a skip [T, B, H]. Leaves the state after the last step,
  /// [B, S · H], in `state` and returns all outputs, [T, B, H]. Rows begin anew where `restarts` says
  /// so.
  package func scan(
    _ scan: Scan, gates: consuming Tensor, parameters: Tensor? = nil, skip: Tensor? = nil,
    restarts: Restarts, state: inout Tensor
  ) -> Tensor {
    let (gatesID, before) = (gates.id, state.id)
    let trace = ScanTrace(
      scan, gates: gates, initialState: state, parameters: parameters, skip: skip,
      restarts: restarts.flags)
    let output = trace.output
    state = lastStep(trace.states)
    guard let tape else { return output }
    // The closure hands the trace on instead of lending it, so that its memory can be written over.
    var remaining: ScanTrace? = trace
    let others = [parameters, skip].compactMap { $0?.id }
    tape.record(outputs: [output, state], inputs: [gatesID, before] + others) { gradients in
      guard let trace = remaining.take() else { return [] }
      let result = (consume trace).gradients(output: gradients[0], lastState: gradients[1])
      return [result.gates, result.initialState]
        + [result.parameters, result.skip].compactMap { $0 }
    }
    return output
  }
}
