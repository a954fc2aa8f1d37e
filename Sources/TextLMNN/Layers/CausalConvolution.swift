import TextLMTensors

/// A causal dilated convolution over time: y[t] = Σⱼ Wⱼ x[t − (k − 1 − j) · dilation] + b.
///
/// Parameters are PyTorch's: `weight` [O, C, k] and `bias` [O]; with weight normalization
/// `weight_v` [O, C, k] and `weight_g` [O] make the weight.
///
/// Reference: Aäron van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016.
struct CausalConvolution: Sendable {
  /// C, the width of the inputs.
  let inputSize: Int
  /// Steps between taps.
  let dilation: Int
  /// Steps before the present one that it sees.
  let historyLength: Int
  private let direction: Parameter
  private let gain: Parameter?
  private let bias: Parameter

  /// A new or stored convolution of `kernelSize` taps.
  ///
  /// New weights are uniform within ±1 / √(C k), as PyTorch's, and a gain is what their norms are on
  /// average; or by `initializer`.
  init(
    inputSize: Int, outputSize: Int, kernelSize: Int, dilation: Int, isNormalized: Bool = false,
    initializer: Initializer? = nil, in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.dilation = dilation
    historyLength = (kernelSize - 1) * dilation
    let bound = 1 / Double(inputSize * kernelSize).squareRoot()
    direction = try scope.parameter(
      isNormalized ? "weight_v" : "weight", [outputSize, inputSize, kernelSize],
      initializer ?? .uniform(bound: bound))
    gain =
      isNormalized
      ? try scope.parameter("weight_g", [outputSize], .constant(Float((1.0 / 3).squareRoot())))
      : nil
    bias = try scope.parameter("bias", [outputSize], .zeros)
  }

  /// Parameters of such a convolution.
  static func parameterCount(
    inputSize: Int, outputSize: Int, kernelSize: Int, isNormalized: Bool = false
  ) -> Int {
    outputSize * (inputSize * kernelSize + (isNormalized ? 2 : 1))
  }

  /// No steps before the first: zeros [B, (k − 1) · dilation, C]; a single tap has a ring of one step,
  /// which it does not look at.
  func initialRing(batchSize: Int) -> Tensor {
    Tensor(zeros: [batchSize, max(historyLength, 1), inputSize])
  }

  /// [T, B, C] becomes [T, B, O]; the steps before are in `ring`, which moves on.
  func callAsFunction(
    _ input: Tensor, ring: inout Tensor, positions: [Int], _ pass: ForwardPass
  ) -> Tensor {
    let (taps, bias) = (taps(pass), pass.value(of: bias))
    guard historyLength > 0 else {
      return pass.linear(input, weight: taps[0], bias: bias)
    }
    return pass.convolution(
      input, taps: taps, bias: bias, dilation: dilation, ring: &ring, positions: positions)
  }

  /// The matrices [O, C] of the taps, the last one for the present; made once a pass.
  private func taps(_ pass: ForwardPass) -> [Tensor] {
    pass.derived(from: direction) {
      let direction = pass.value(of: direction)
      let weight =
        gain.map { pass.weightNorm(direction: direction, gain: pass.value(of: $0)) } ?? direction
      let (outputSize, kernelSize) = (weight.shape[0], weight.shape[2])
      let apart = pass.permute(weight, [2, 0, 1])  // [k, O, C]
      return pass.split(apart, Array(repeating: 1, count: kernelSize), axis: 0).map {
        $0.reshaped(to: [outputSize, inputSize])
      }
    }
  }
}
