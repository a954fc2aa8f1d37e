public import TextLMTensors

/// One quasi-recurrent layer: convolutions over time make the gates, and a mean of the candidates is
/// all that goes from step to step.
///
/// ```
/// z, i, o = W [x ; x₋₁] + b          x₋₁ only with a window of two steps
/// c = σ(i) tanh(z) + (1 − σ(i)) c₋₁
/// h = σ(o) c
/// ```
///
/// i is the weight of what is new, as in Salesforce's code; the paper's forget gate is 1 − σ(i).
/// Parameters: `weight_ih_l0` [3H, D] or [3H, 2D], the present input's columns first, and `bias_ih_l0`
/// [3H].
///
/// Reference: James Bradbury et al., "Quasi-Recurrent Neural Networks", 2017.
public struct QRNN: CausalEncoder {
  /// What the layer remembers.
  public struct State: EncoderState {
    /// c, [B, H].
    public var cell: Tensor
    /// The last input, [B, D]; nil where the window is one step.
    public var past: Tensor?

    /// Maps c, then the input.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(cell: transform(cell), past: past.map(transform))
    }
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  /// Inputs that a gate sees, 1 or 2.
  public let window: Int
  private let weight: Parameter
  private let bias: Parameter

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack.
  ///
  /// New weights are Glorot's for each gate; the bias of i is −1, so that an untrained layer
  /// remembers, the others are 0. Requires a window of 1 or 2 steps.
  public init(
    inputSize: Int, hiddenSize: Int, window: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    require(window == 1 || window == 2, "QRNN: a window of \(window) steps is not 1 or 2")
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.window = window
    weight = try scope.parameter(
      "weight_ih_\(suffix)", [3 * hiddenSize, window * inputSize],
      .gates(count: 3, .xavierUniform()))
    bias = try scope.parameter("bias_ih_\(suffix)", [3 * hiddenSize], .blocks([0, -1, 0]))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> State {
    State(
      cell: Scan.qrnn.initialState(batchSize: batchSize, width: hiddenSize),
      past: window == 2 ? Tensor(zeros: [batchSize, inputSize]) : nil)
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    var seen = input
    if var past = state.past {
      seen = pass.concatenate(
        input, pass.precedingSteps(of: input, past: &past, restarts: restarts))  // [T, B, 2D]
      state.past = past
    }
    let gates = pass.linear(
      seen, weight: pass.value(of: weight), bias: pass.value(of: bias))  // [T, B, 3H]
    return pass.scan(.qrnn, gates: consume gates, restarts: restarts, state: &state.cell)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
