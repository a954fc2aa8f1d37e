public import TextLMTensors

/// What an sLSTM layer remembers.
public struct SLSTMState: EncoderState {
  /// h, the last output, [B, H].
  public var hidden: Tensor
  /// c / n, the mean of the candidates so far, [B, H].
  public var mean: Tensor
  /// ln n, the logarithm of the sum of their weights, [B, H].
  public var weight: Tensor

  /// Maps the tensors in that order.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> SLSTMState {
    try SLSTMState(
      hidden: transform(hidden), mean: transform(mean), weight: transform(weight))
  }
}

/// One layer of sLSTM: long short-term memory whose input gate is exponential, and whose cell is
/// divided by the sum of its inputs' weights.
///
/// ```
/// i, f, z, o = W_ih x + b_ih + W_hh h₋₁
/// n = eⁱ + σ(f) n₋₁;  c = eⁱ tanh(z) + σ(f) c₋₁
/// h = σ(o) c / n
/// ```
///
/// Parameters: `weight_ih_l0` [4H, D], `weight_hh_l0` [4H, H], `bias_ih_l0` [4H]; one head.
///
/// Reference: Maximilian Beck et al., "xLSTM: Extended Long Short-Term Memory", 2024.
public struct SLSTM: CausalEncoder {
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let bias: Parameter

  /// A layer whose new weights are Glorot's for the input and zeros for the recurrence, with forget
  /// gates whose biases rise from −5 to 5 over the units: some remember from the start, some do not.
  public init(
    inputSize: Int, hiddenSize: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [4 * hiddenSize, inputSize], .gates(count: 4, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [4 * hiddenSize, hiddenSize], .gates(count: 4, .zeros))
    let zeros = [Float](repeating: 0, count: hiddenSize)
    let forget = (0..<hiddenSize).map {
      -5 + 10 * Float($0) / Float(max(hiddenSize - 1, 1))
    }
    bias = try scope.parameter(
      "bias_ih_\(suffix)", [4 * hiddenSize], .values(zeros + forget + zeros + zeros))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros, and no weight.
  public func initialState(batchSize: Int) -> SLSTMState {
    let zeros = Tensor(zeros: [batchSize, hiddenSize])
    return SLSTMState(
      hidden: zeros, mean: zeros,
      weight: Tensor(repeating: SLSTMTrace.noWeight, shape: zeros.shape))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout SLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let projected = pass.linear(
      input, weight: pass.value(of: inputWeight), bias: pass.value(of: bias))  // [T, B, 4H]
    return pass.slstm(
      projected: consume projected, recurrentWeight: pass.recurrentWeight(of: recurrentWeight),
      restarts: restarts, state: &state)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout SLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
