public import TextLMTensors

/// One layer of Elman's recurrent network, h = f(W_ih x + b_ih + W_hh h₋₁ + b_hh), f being tanh or
/// max(·, 0).
///
/// Parameters have PyTorch's names and shapes, H being `hiddenSize` and D `inputSize`: `weight_ih_l0`
/// [H, D], `weight_hh_l0` [H, H], `bias_ih_l0` and `bias_hh_l0` [H]. Layers are put on each other with
/// `Stacked`.
///
/// Reference: Jeffrey Elman, "Finding Structure in Time", 1990.
public struct RNN: CausalEncoder {
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  /// f.
  public let nonlinearity: Nonlinearity
  private let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let inputBias: Parameter
  private let recurrentBias: Parameter

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack, `l0_reverse` for
  /// reading backwards.
  ///
  /// New weights are Glorot's for the input and, for the recurrence, orthogonal, or with `relu` the
  /// identity, with which errors neither shrink nor grow at first (Quoc Le, Navdeep Jaitly and
  /// Geoffrey Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
  /// 2015); biases are 0.
  public init(
    inputSize: Int, hiddenSize: Int, nonlinearity: Nonlinearity = .tanh, suffix: String = "l0",
    in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.nonlinearity = nonlinearity
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [hiddenSize, inputSize], .gates(count: 1, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [hiddenSize, hiddenSize],
      .gates(count: 1, nonlinearity == .tanh ? .orthogonal() : .identity))
    inputBias = try scope.parameter("bias_ih_\(suffix)", [hiddenSize], .gates(count: 1, .zeros))
    recurrentBias = try scope.parameter(
      "bias_hh_\(suffix)", [hiddenSize], .gates(count: 1, .zeros))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> HiddenState {
    HiddenState(hidden: Tensor(zeros: [batchSize, hiddenSize]))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    let projected = project(input, pass)  // [T, B, H]
    return run(
      LayerInput(projected: consume projected), restarts: restarts, state: &state, pass)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }

  /// Runs the layer over T steps, projecting the table's rows once instead of each step's input
  /// where that is less work.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    guard pass.projectsTable(ofRows: table.shape[0], gateCount: hiddenSize, for: tokens) else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let projected = pass.projectedTable(table, weight: pass.value(of: inputWeight)) {
      project(table, pass)  // [V, H]
    }
    return run(
      LayerInput(tokens: tokens, table: projected), restarts: tokens.restarts, state: &state, pass)
  }

  private func run(
    _ input: consuming LayerInput, restarts: Restarts, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    pass.elman(
      input, nonlinearity: nonlinearity, recurrentWeight: pass.recurrentWeight(of: recurrentWeight),
      restarts: restarts, state: &state)
  }

  /// W_ih x + b_ih + b_hh on the last axis.
  private func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(
      input, weight: pass.value(of: inputWeight),
      bias: pass.add(pass.value(of: inputBias), pass.value(of: recurrentBias)))
  }
}
