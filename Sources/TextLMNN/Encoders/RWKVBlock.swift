public import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A block of RWKV-4: a weighted mean of all inputs so far, and a feed-forward network, each looking
/// at a mix of the present input and the one before.
///
/// ```
/// x ← x + W_o (σ(W_r x^r) wkv(W_k x^k, W_v x^v))        x^k = μ_k x + (1 − μ_k) x₋₁ of the normalized x
/// x ← x + σ(R x^r) V max(K x^k, 0)²
/// ```
///
/// wkv is the mean of all v so far, weighted with eᵏ, the present one with eᵏ⁺ᵘ; weights shrink by
/// exp(−exp(decay)) a step. Instead of two sums and a maximum the state holds the mean and the
/// logarithm of the weights' sum, which are the same and have smooth gradients.
///
/// Parameters: `time_norm`, `time.decay`, `time.bonus` [D], `time.mix_k`, `time.mix_v`, `time.mix_r`
/// [D], `time.key`, `.value`, `.receptance`, `.output` [D, D]; `channel_norm`, `channel.mix_k`,
/// `channel.mix_r` [D], `channel.key` [4D, D], `.value` [D, 4D], `.receptance` [D, D]. First values are
/// those of the authors' code.
///
/// Reference: Bo Peng et al., "RWKV: Reinventing RNNs for the Transformer Era", 2023.
public struct RWKVBlock: CausalEncoder {
  /// What the block remembers.
  public struct State: EncoderState {
    /// The last normalized input of the first part, [B, D].
    public var timePast: Tensor
    /// Means and logarithms of weights, [B, 2D].
    public var means: Tensor
    /// The last normalized input of the second part, [B, D].
    public var channelPast: Tensor

    /// Maps the tensors in that order.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(
        timePast: transform(timePast), means: transform(means), channelPast: transform(channelPast))
    }
  }

  /// D.
  public let inputSize: Int
  private let timeNorm: LayerNorm
  private let channelNorm: LayerNorm
  private let decay: Parameter
  private let bonus: Parameter
  private let timeMixes: (key: Parameter, value: Parameter, receptance: Parameter)
  private let channelMixes: (key: Parameter, receptance: Parameter)
  private let timeMaps: (key: Linear, value: Linear, receptance: Linear, output: Linear)
  private let channelMaps: (key: Linear, value: Linear, receptance: Linear)
  private let dropout: Dropout

  /// Block `index` of `layerCount`, of width D.
  public init(
    width: Int, index: Int, layerCount: Int, dropoutRate: Float, in scope: ParameterScope
  ) throws {
    inputSize = width
    let (time, channel) = (scope["time"], scope["channel"])
    let first = FirstValues(width: width, index: index, layerCount: layerCount)
    timeNorm = try LayerNorm(size: width, in: scope["time_norm"])
    decay = try time.parameter("decay", [width], .values(first.decay))
    bonus = try time.parameter("bonus", [width], .values(first.bonus))
    timeMixes = (
      try time.parameter("mix_k", [width], .values(first.mix(power: 1))),
      try time.parameter("mix_v", [width], .values(first.mix(power: 1, more: 0.3))),
      try time.parameter("mix_r", [width], .values(first.mix(power: 0.5)))
    )
    func linear(
      _ name: String, _ inputSize: Int, _ outputSize: Int, _ initializer: Initializer,
      in scope: ParameterScope
    ) throws -> Linear {
      try Linear(
        inputSize: inputSize, outputSize: outputSize, hasBias: false, initializer: initializer,
        in: scope[name])
    }
    timeMaps = (
      try linear("key", width, width, .zeros, in: time),
      try linear("value", width, width, .orthogonal(), in: time),
      try linear("receptance", width, width, .zeros, in: time),
      try linear("output", width, width, .zeros, in: time)
    )
    channelNorm = try LayerNorm(size: width, in: scope["channel_norm"])
    channelMixes = (
      try channel.parameter("mix_k", [width], .values(first.mix(power: 1))),
      try channel.parameter("mix_r", [width], .values(first.mix(power: 1)))
    )
    channelMaps = (
      try linear("key", width, 4 * width, .orthogonal(gain: 2), in: channel),
      try linear("value", 4 * width, width, .zeros, in: channel),
      try linear("receptance", width, width, .zeros, in: channel)
    )
    dropout = Dropout(rate: dropoutRate)
  }

  /// 13D² + 11D.
  public static func parameterCount(width: Int) -> Int { 13 * width * width + 11 * width }

  /// D.
  public var outputSize: Int { inputSize }

  /// Zeros, and no weight.
  public func initialState(batchSize: Int) -> State {
    let zeros = Tensor(zeros: [batchSize, inputSize])
    return State(
      timePast: zeros, means: Scan.wkv.initialState(batchSize: batchSize, width: inputSize),
      channelPast: zeros)
  }

  /// Runs the block over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let mixed = timeMixing(timeNorm(input, pass), restarts, &state, pass)  // [T, B, D]
    let output = pass.add(input, dropout(mixed, pass))
    let channels = channelMixing(channelNorm(output, pass), restarts, &state, pass)
    return pass.add(output, dropout(channels, pass))
  }

  /// Runs the block over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }

  private func timeMixing(
    _ input: Tensor, _ restarts: Restarts, _ state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let before = pass.precedingSteps(of: input, past: &state.timePast, restarts: restarts)
    let change = pass.subtract(input, before)
    func mixed(_ mix: Parameter) -> Tensor {
      pass.add(before, pass.multiply(change, pass.value(of: mix)))
    }
    let gates = pass.concatenate(
      timeMaps.key(mixed(timeMixes.key), pass), timeMaps.value(mixed(timeMixes.value), pass))
    let receptance = pass.sigmoid(
      timeMaps.receptance(mixed(timeMixes.receptance), pass))  // [T, B, D]
    let decay = pass.scale(pass.exp(pass.value(of: decay)), by: -1)
    let means = pass.scan(
      .wkv, gates: consume gates,
      parameters: pass.concatenate(decay, pass.value(of: bonus)).reshaped(to: [2, inputSize]),
      restarts: restarts, state: &state.means)
    return timeMaps.output(pass.multiply(receptance, means), pass)
  }

  private func channelMixing(
    _ input: Tensor, _ restarts: Restarts, _ state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let before = pass.precedingSteps(of: input, past: &state.channelPast, restarts: restarts)
    let change = pass.subtract(input, before)
    func mixed(_ mix: Parameter) -> Tensor {
      pass.add(before, pass.multiply(change, pass.value(of: mix)))
    }
    let key = pass.square(
      pass.relu(channelMaps.key(mixed(channelMixes.key), pass)))  // [T, B, 4D]
    let receptance = pass.sigmoid(
      channelMaps.receptance(mixed(channelMixes.receptance), pass))
    return pass.multiply(receptance, channelMaps.value(key, pass))
  }
}

/// The first values of a block's vectors, by its place and the channel's.
private struct FirstValues {
  let width: Int
  /// From 1 at the bottom to nearly 0 at the top.
  let below: Double
  /// From 0 at the bottom to 1 at the top.
  let above: Double

  init(width: Int, index: Int, layerCount: Int) {
    self.width = width
    below = 1 - Double(index) / Double(layerCount)
    above = Double(index) / Double(max(layerCount - 1, 1))
  }

  private func channels(_ value: (_ place: Int) -> Double) -> [Float] {
    (0..<width).map { Float(value($0)) }
  }

  /// From −5 to 3: from memories of a hundred steps to none.
  var decay: [Float] {
    channels { -5 + 8 * pow(Double($0) / Double(max(width - 1, 1)), 0.7 + 1.3 * above) }
  }

  /// ln 0.3, and half a unit around it.
  var bonus: [Float] {
    channels { log(0.3) + 0.5 * Double(($0 + 1) % 3 - 1) }
  }

  /// The part of the present input in a mix.
  func mix(power: Double, more: Double = 0) -> [Float] {
    channels { pow(Double($0) / Double(width), below * power) + more * above }
  }
}
