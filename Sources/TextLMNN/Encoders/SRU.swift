public import TextLMTensors

/// One layer of simple recurrent units, whose gates see the input and their own unit's state, and
/// whose output passes some of the input on.
///
/// ```
/// z, f, r = W x + (0, b_f, b_r)
/// F = σ(f + v_f c₋₁);  R = σ(r + v_r c₋₁)
/// c = F c₋₁ + (1 − F) z
/// h = R c + (1 − R) α x,  α = √3
/// ```
///
/// α keeps the variance level while the gates are half open. Parameters, H being `hiddenSize` and D
/// `inputSize`: `weight_ih_l0` [3H, D], `weight_v_l0` [2, H], `bias_ih_l0` [2H], and where D is not H
/// `weight_ih_skip_l0` [H, D], whose product takes the place of x.
///
/// Reference: Tao Lei et al., "Simple Recurrent Units for Highly Parallelizable Recurrence", 2018.
public struct SRU: CausalEncoder {
  private static let skipScale = Float(3).squareRoot()
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let weight: Parameter
  private let stateWeight: Parameter
  private let bias: Parameter
  private let skipWeight: Parameter?

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack.
  ///
  /// New weights keep the input's variance, those of states are uniform within ±√1.5 as in the
  /// authors' code; biases are 0.
  public init(
    inputSize: Int, hiddenSize: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    weight = try scope.parameter(
      "weight_ih_\(suffix)", [3 * hiddenSize, inputSize], .gates(count: 3, .heUniform(gain: 1)))
    stateWeight = try scope.parameter(
      "weight_v_\(suffix)", [2, hiddenSize], .uniform(bound: 1.5.squareRoot()))
    bias = try scope.parameter("bias_ih_\(suffix)", [2 * hiddenSize], .gates(count: 2, .zeros))
    skipWeight =
      inputSize == hiddenSize
      ? nil
      : try scope.parameter(
        "weight_ih_skip_\(suffix)", [hiddenSize, inputSize], .gates(count: 1, .heUniform(gain: 1)))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> HiddenState {
    HiddenState(hidden: Scan.sru.initialState(batchSize: batchSize, width: hiddenSize))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    let gates = pass.linear(
      input, weight: pass.value(of: weight),
      bias: pass.concatenate(Tensor(zeros: [hiddenSize]), pass.value(of: bias)))  // [T, B, 3H]
    let passed = skipWeight.map { pass.linear(input, weight: pass.value(of: $0)) } ?? input
    return pass.scan(
      .sru, gates: consume gates, parameters: pass.value(of: stateWeight),
      skip: pass.scale(passed, by: Self.skipScale), restarts: restarts, state: &state.hidden)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
