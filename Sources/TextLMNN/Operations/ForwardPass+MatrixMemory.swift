import TextLMTensors

extension ForwardPass {
  /// A matrix memory over a whole sequence; see `MatrixMemoryTrace`.
  func matrixMemory(_ input: MatrixMemoryTrace.Input, states: [Tensor]) -> MatrixMemoryTrace {
    let trace = MatrixMemoryTrace(input, states: states, wantsGradients: tape != nil)
    tape?.record(
      outputs: [trace.output] + trace.states, inputs: (input.tensors + states).map(\.id)
    ) {
      trace.gradients(output: $0[0], states: Array($0.dropFirst()))
    }
    return trace
  }
}
