public import TextLMTensors

extension ForwardPass {
  /// A causal dilated convolution over time: y[t] = Σⱼ Wⱼ x[t − (k − 1 − j) · dilation] + b, with k
  /// taps Wⱼ [O, C].
  ///
  /// `input` is [(k − 1) · dilation + T, B, C]: the steps before the first, zeros where there are none,
  /// and T steps. The result is [T, B, O]. One product over all rows for each tap. Requires that the
  /// sizes agree.
  public func convolution(
    _ input: Tensor, taps: [Tensor], bias: Tensor? = nil, dilation: Int
  ) -> Tensor {
    let output = input.convolved(
      with: taps.map { packed($0, transposed: true) }, bias: bias, dilation: dilation)
    guard let tape else { return output }
    let inputNeeded = tracks(input)
    let tapsNeeded = taps.map(tracks)
    tape.record(output: output, inputs: [input] + taps + (bias.map { [$0] } ?? [])) {
      [packs] gradient in
      let inputGradient =
        inputNeeded
        ? gradient.convolutionInputGradient(
          taps: taps.map { packs.packed($0, transposed: false) }, dilation: dilation) : nil
      let tapGradients = tapsNeeded.enumerated().map { index, isNeeded in
        isNeeded
          ? input.convolutionTapGradient(
            gradient, index: index, dilation: dilation, precision: packs.precision) : nil
      }
      return [inputGradient] + tapGradients + (bias.map { _ in [gradient.columnSums()] } ?? [])
    }
    return output
  }
}
