public import TextLMTensors

extension ForwardPass {
  /// Root-mean-square normalization of the last axis: y = gain · x / √(mean x² + ε).
  ///
  /// x is [.., W], gain [W]. Requires that the sizes agree.
  ///
  /// Reference: Biao Zhang and Rico Sennrich, "Root Mean Square Layer Normalization", 2019.
  public func rmsNorm(_ input: Tensor, gain: Tensor, epsilon: Float = 1e-6) -> Tensor {
    let trace = RMSNormTrace(input, gain: gain, epsilon: epsilon)
    tape?.record(output: trace.output, inputs: [input, gain]) { gradient in
      let gradients = trace.gradients(gradient)
      return [gradients.input, gradients.gain]
    }
    return trace.output
  }
}
