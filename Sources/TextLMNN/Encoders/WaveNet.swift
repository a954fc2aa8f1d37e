public import TextLMTensors

/// WaveNet: gated causal convolutions, each of which adds to what goes on and to what comes out.
///
/// ```
/// z = tanh(W_f * x + b_f) σ(W_g * x + b_g)
/// x ← x + W_r z + b_r;  s ← s + W_s z + b_s
/// y = ReLU(W_1 ReLU(s) + b_1)
/// ```
///
/// where * is a convolution of k taps whose dilation doubles from layer to layer and begins anew after
/// `cycle` layers. The last layer has no W_r, whose result nothing reads.
///
/// Parameters of layer ℓ: `layer.ℓ.gated` (filter above gate, [2R, R, k]), `residual` and `skip`; and
/// `output` for W_1, `input.weight` [R, inputSize] where the input is not as wide as the layers.
///
/// Reference: Aäron van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016.
public struct WaveNet: CausalEncoder {
  private struct Layer: Sendable {
    let gated: CausalConvolution
    let residual: Linear?
    let skip: Linear
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// S, the width of what comes out.
  public let outputSize: Int
  private let size: Int
  private let dropoutRate: Float
  private let input: Linear?
  private let layers: [Layer]
  private let output: Linear

  /// A network of new or stored parameters in `scope`.
  ///
  /// New weights are Glorot's, of each tap as if there were no others; those that are added up over the
  /// layers are smaller by √layers.
  public init(
    inputSize: Int, size: Int, skipSize: Int, layerCount: Int, cycle: Int, kernelSize: Int,
    dropoutRate: Float, in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    outputSize = skipSize
    self.size = size
    self.dropoutRate = dropoutRate
    input =
      inputSize == size
      ? nil
      : try Linear(inputSize: inputSize, outputSize: size, hasBias: false, in: scope["input"])
    let added = Initializer.xavierUniform(gain: 1 / Double(layerCount).squareRoot())
    // Glorot's bound for each tap of filter and gate by itself: what is far away comes through one tap of
    // each layer.
    let bound = (6 / Double(2 * size)).squareRoot()
    layers = try (0..<layerCount).map { index in
      let scope = scope["layer"][index]
      return Layer(
        gated: try CausalConvolution(
          inputSize: size, outputSize: 2 * size, kernelSize: kernelSize,
          dilation: 1 << (index % cycle), initializer: .uniform(bound: bound), in: scope["gated"]),
        residual: index == layerCount - 1
          ? nil
          : try Linear(
            inputSize: size, outputSize: size, initializer: added, in: scope["residual"]),
        skip: try Linear(
          inputSize: size, outputSize: skipSize, initializer: added, in: scope["skip"]))
    }
    output = try Linear(inputSize: skipSize, outputSize: skipSize, in: scope["output"])
  }

  /// Number of parameters, without building.
  public static func parameterCount(
    inputSize: Int, size: Int, skipSize: Int, layerCount: Int, kernelSize: Int
  ) -> Int {
    let gated = CausalConvolution.parameterCount(
      inputSize: size, outputSize: 2 * size, kernelSize: kernelSize)
    return layerCount * (gated + skipSize * (size + 1)) + (layerCount - 1) * size * (size + 1)
      + skipSize * (skipSize + 1) + (inputSize == size ? 0 : inputSize * size)
  }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> ConvolutionState {
    ConvolutionState(batchSize: batchSize, convolutions: layers.map(\.gated))
  }

  /// Runs all layers over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout ConvolutionState, _ pass: ForwardPass
  ) -> Tensor {
    let positions = state.position.counts
    var hidden = self.input.map { $0(input, pass) } ?? input  // [T, B, R]
    var skipped: Tensor?  // [T, B, S]
    for (index, layer) in layers.enumerated() {
      let read = pass.dropout(hidden, rate: dropoutRate)
      let both = layer.gated(
        read, ring: &state.rings[index], positions: positions, pass)  // [T, B, 2R]
      let parts = pass.split(both, [size, size], axis: 2)
      let gated = pass.multiply(pass.tanh(parts[0]), pass.sigmoid(parts[1]))
      let skip = layer.skip(gated, pass)
      skipped = skipped.map { pass.add($0, skip) } ?? skip
      if let residual = layer.residual { hidden = pass.add(hidden, residual(gated, pass)) }
    }
    state.position.advance(by: input.shape[0])
    return pass.relu(output(pass.relu(skipped ?? hidden), pass))
  }
}
