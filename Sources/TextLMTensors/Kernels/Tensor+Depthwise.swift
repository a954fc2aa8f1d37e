import CTextLMKernels

extension Tensor {
  /// A causal convolution of each channel by itself: yₜ = bias + Σⱼ weight[j] xₜ₋₍ₖ₋₁₋ⱼ₎.
  ///
  /// self is x [T, B, D], `past` [B, (K − 1) · D] what came before, the latest last; `weight` is [K, D],
  /// `bias` [D]. Where `restarts` [T, B] is true, a row sees nothing from before. Returns y [T, B, D].
  package func depthwiseConvolution(
    past: Tensor, weight: Tensor, bias: Tensor, restarts: [Bool]?
  ) -> Tensor {
    requireDepthwise(past: past, weight: weight)
    require(bias.shape == [shape[2]], "depthwise convolution: bias \(bias.shape) for \(shape)")
    return withExtendedLifetime((weight, bias)) {
      mapped(with: past, to: shape) { input, past, output in
        tlm_depthwise_forward(
          shape[0], shape[1], shape[2], weight.shape[0], input, past, weight.address,
          bias.address, restarts, output)
      }
    }
  }

  /// The gradients of that, where self is x, given that of y [T, B, D].
  package func depthwiseConvolutionGradients(
    past: Tensor, weight: Tensor, restarts: [Bool]?, output outputGradient: Tensor
  ) -> (input: Tensor, past: Tensor, weight: Tensor, bias: Tensor) {
    requireDepthwise(past: past, weight: weight)
    let (width, kernelSize) = (shape[2], weight.shape[0])
    var pastGradient = Tensor(shape: past.shape) { _ in }
    var parts = Tensor(shape: [shape[1], (kernelSize + 1) * width]) { _ in }
    let inputGradient = withExtendedLifetime((past, weight)) {
      mapped(with: outputGradient, to: shape) { input, outputGradient, inputGradient in
        pastGradient.overwriteInPlace { pastGradient in
          parts.overwriteInPlace { parts in
            tlm_depthwise_backward(
              shape[0], shape[1], width, kernelSize, input, past.address, weight.address,
              restarts, outputGradient, inputGradient, pastGradient, parts)
          }
        }
      }
    }
    let sums = parts.columnSums()
    return (
      inputGradient, pastGradient, sums[rows: 0..<kernelSize * width].reshaped(to: weight.shape),
      sums[rows: kernelSize * width..<(kernelSize + 1) * width]
    )
  }

  private func requireDepthwise(past: Tensor, weight: Tensor) {
    require(
      shape.rank == 3 && weight.shape.rank == 2 && weight.shape[1] == shape[2]
        && past.shape == [shape[1], (weight.shape[0] - 1) * shape[2]],
      "depthwise convolution: input \(shape), past \(past.shape), weight \(weight.shape)")
  }
}
