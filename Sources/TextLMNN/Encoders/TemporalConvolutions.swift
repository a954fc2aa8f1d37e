public import TextLMTensors

/// A temporal convolutional network: residual blocks of causal convolutions, each reaching twice as far
/// back as the one below.
///
/// ```
/// u = ReLU(conv₁(x)); u = ReLU(conv₂(u)); y = ReLU(u + R x)
/// ```
///
/// in block ℓ with dilation 2^ℓ and normalized weights, R being the identity or, between unequal widths,
/// a matrix. n blocks of k taps see 1 + 2 (k − 1) (2ⁿ − 1) steps.
///
/// Parameters of block ℓ: `block.ℓ.conv1` and `conv2` (`weight_v`, `weight_g`, `bias`) and
/// `downsample`.
///
/// Reference: Shaojie Bai, Zico Kolter and Vladlen Koltun, "An Empirical Evaluation of Generic
/// Convolutional and Recurrent Networks for Sequence Modeling", 2018.
public struct TemporalConvolutions: CausalEncoder {
  private struct Block: Sendable {
    let first: CausalConvolution
    let second: CausalConvolution
    let downsample: Linear?
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// Width of the blocks and of the outputs.
  public let outputSize: Int
  private let blocks: [Block]
  private let dropoutRate: Float

  /// A network of new or stored parameters in `scope`.
  public init(
    inputSize: Int, size: Int, layerCount: Int, kernelSize: Int, dropoutRate: Float,
    in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    outputSize = size
    self.dropoutRate = dropoutRate
    blocks = try (0..<layerCount).map { layer in
      let (scope, width) = (scope["block"][layer], layer == 0 ? inputSize : size)
      func convolution(_ name: String, _ inputSize: Int) throws -> CausalConvolution {
        try CausalConvolution(
          inputSize: inputSize, outputSize: size, kernelSize: kernelSize, dilation: 1 << layer,
          isNormalized: true, in: scope[name])
      }
      return Block(
        first: try convolution("conv1", width), second: try convolution("conv2", size),
        downsample: width == size
          ? nil
          : try Linear(
            inputSize: width, outputSize: size, initializer: .normal(standardDeviation: 0.01),
            in: scope["downsample"]))
    }
  }

  /// Number of parameters, without building.
  public static func parameterCount(
    inputSize: Int, size: Int, layerCount: Int, kernelSize: Int
  ) -> Int {
    (0..<layerCount).reduce(0) { total, layer in
      let width = layer == 0 ? inputSize : size
      let convolutions = [width, size].reduce(0) {
        $0
          + CausalConvolution.parameterCount(
            inputSize: $1, outputSize: size, kernelSize: kernelSize, isNormalized: true)
      }
      return total + convolutions + (width == size ? 0 : size * (width + 1))
    }
  }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> ConvolutionState {
    ConvolutionState(
      batchSize: batchSize, convolutions: blocks.flatMap { [$0.first, $0.second] })
  }

  /// Runs all blocks over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout ConvolutionState, _ pass: ForwardPass
  ) -> Tensor {
    let positions = state.position.counts
    var output = input
    for (index, block) in blocks.enumerated() {
      var hidden = block.first(
        output, ring: &state.rings[2 * index], positions: positions, pass)  // [T, B, C]
      hidden = pass.dropout(pass.relu(hidden), rate: dropoutRate)
      hidden = block.second(
        hidden, ring: &state.rings[2 * index + 1], positions: positions, pass)
      hidden = pass.dropout(pass.relu(hidden), rate: dropoutRate)
      output = pass.relu(pass.add(hidden, block.downsample.map { $0(output, pass) } ?? output))
    }
    state.position.advance(by: input.shape[0])
    return output
  }
}
