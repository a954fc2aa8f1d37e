public import TextLMTensors

extension ForwardPass {
  /// Layer normalization of each of `groupCount` equal parts of the last axis: y = gain ·
  /// (x − mean x) / √(variance x + ε) + bias.
  ///
  /// x is [.., groupCount · W], gain and bias are [groupCount · W]; the variance is the mean of
  /// squares. Requires that the sizes agree.
  ///
  /// Reference: Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, "Layer Normalization", 2016.
  public func layerNorm(
    _ input: Tensor, gain: Tensor, bias: Tensor, groupCount: Int = 1, epsilon: Float = 1e-5
  ) -> Tensor {
    let trace = LayerNormTrace(
      input, gain: gain, bias: bias, groupCount: groupCount, epsilon: epsilon)
    tape?.record(output: trace.output, inputs: [input, gain, bias]) { gradient in
      let gradients = trace.gradients(gradient)
      return [gradients.input, gradients.gain, gradients.bias]
    }
    return trace.output
  }
}
