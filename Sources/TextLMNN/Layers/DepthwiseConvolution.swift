public import TextLMTensors

/// A causal convolution over time of each channel by itself: yₜ = b + Σⱼ wⱼ xₜ₋₍ₖ₋₁₋ⱼ₎, j < K.
///
/// Lets every unit see the last K inputs at the cost of K multiplications. Parameters: `weight` [K, D],
/// the present input's row last, uniform within ±1 / √K, and `bias` [D], zeros.
public struct DepthwiseConvolution: Sendable {
  /// D, the number of channels.
  public let width: Int
  /// K, the number of inputs that an output sees.
  public let kernelSize: Int
  private let weight: Parameter
  private let bias: Parameter

  /// A convolution of `width` channels. Requires a kernel of at least two steps.
  public init(width: Int, kernelSize: Int, in scope: ParameterScope) throws {
    require(kernelSize >= 2, "depthwise convolution: a kernel of \(kernelSize) steps")
    self.width = width
    self.kernelSize = kernelSize
    weight = try scope.parameter(
      "weight", [kernelSize, width], .uniform(bound: 1 / Double(kernelSize).squareRoot()))
    bias = try scope.parameter("bias", [width], .zeros)
  }

  /// What comes before the first step, [B, (K − 1) · D]: zeros.
  public func initialPast(batchSize: Int) -> Tensor {
    Tensor(zeros: [batchSize, (kernelSize - 1) * width])
  }

  /// [T, B, D] becomes [T, B, D]; `past` holds the K − 1 inputs before, the latest last, and moves on.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts = .none, past: inout Tensor, _ pass: ForwardPass
  ) -> Tensor {
    let before = past
    past = pass.latestSteps(of: input, after: before, restarts: restarts)
    return pass.depthwiseConvolution(
      input, past: before, weight: pass.value(of: weight), bias: pass.value(of: bias),
      restarts: restarts)
  }
}

extension ForwardPass {
  /// A causal convolution of each channel of x [T, B, D] by itself, given the K − 1 inputs before,
  /// [B, (K − 1) · D], a weight [K, D] and a bias [D].
  func depthwiseConvolution(
    _ input: Tensor, past: Tensor, weight: Tensor, bias: Tensor, restarts: Restarts = .none
  ) -> Tensor {
    let output = input.depthwiseConvolution(
      past: past, weight: weight, bias: bias, restarts: restarts.flags)
    tape?.record(output: output, inputs: [input, past, weight, bias]) { gradient in
      let gradients = input.depthwiseConvolutionGradients(
        past: past, weight: weight, restarts: restarts.flags, output: gradient)
      return [gradients.input, gradients.past, gradients.weight, gradients.bias]
    }
    return output
  }

  /// The last N steps of what `past` [B, N · D], N steps of it, and then `input` [T, B, D] were; zeros
  /// for steps from before a row began anew.
  func latestSteps(of input: Tensor, after past: Tensor, restarts: Restarts) -> Tensor {
    let output = past.appendingSteps(input, restarts: restarts.flags)
    let (pastShape, inputShape) = (past.shape, input.shape)
    tape?.record(output: output, inputs: [past, input]) { gradient in
      let gradients = gradient.splittingAppended(
        past: pastShape, input: inputShape, restarts: restarts.flags)
      return [gradients.past, gradients.input]
    }
    return output
  }
}
