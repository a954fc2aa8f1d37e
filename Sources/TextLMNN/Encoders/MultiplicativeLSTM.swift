public import TextLMTensors

/// One layer of multiplicative long short-term memory, whose recurrent weights depend on the input.
///
/// ```
/// m = (W_mx x) (W_mh h₋₁)
/// i, f, g, o = W_ih x + b + W_hh m
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(c)
/// ```
///
/// Parameters, H being `hiddenSize` and D `inputSize`: `weight_ih_l0` [4H, D], `weight_ih_m_l0`
/// [H, D], `weight_hh_l0` [4H, H], `weight_hh_m_l0` [H, H] and `bias_ih_l0` [4H]. Layers are put on each
/// other with `Stacked`.
///
/// Reference: Ben Krause et al., "Multiplicative LSTM for sequence modelling", 2016.
public struct MultiplicativeLSTM: CausalEncoder {
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let inputWeight: Parameter
  private let inputFactor: Parameter
  private let recurrentWeight: Parameter
  private let recurrentFactor: Parameter
  private let bias: Parameter

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack.
  ///
  /// New weights are Glorot's for the input and orthogonal for the recurrence; the forget gates' bias
  /// is 1, all others 0.
  public init(
    inputSize: Int, hiddenSize: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    let gateCount = 4 * hiddenSize
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [gateCount, inputSize], .gates(count: 4, .xavierUniform()))
    inputFactor = try scope.parameter(
      "weight_ih_m_\(suffix)", [hiddenSize, inputSize], .gates(count: 1, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [gateCount, hiddenSize], .gates(count: 4, .orthogonal()))
    recurrentFactor = try scope.parameter(
      "weight_hh_m_\(suffix)", [hiddenSize, hiddenSize], .gates(count: 1, .orthogonal()))
    bias = try scope.parameter(
      "bias_ih_\(suffix)", [gateCount], .lstmBias(hiddenSize: hiddenSize))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> LSTMState {
    LSTMState(
      hidden: Tensor(zeros: [batchSize, hiddenSize]), cell: Tensor(zeros: [batchSize, hiddenSize]))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let projected = project(input, pass)  // [T, B, 4H]
    return run(
      LayerInput(projected: consume projected), factor: factor(input, pass), restarts: restarts,
      state: &state, pass)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }

  /// Runs the layer over T steps, projecting the table's rows once instead of each step's input
  /// where that is less work.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    guard
      pass.projectsTable(ofRows: table.shape[0], gateCount: 5 * hiddenSize, for: tokens)
    else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let projected = pass.projectedTable(table, weight: pass.value(of: inputWeight)) {
      project(table, pass)  // [V, 4H]
    }
    let factors = pass.projectedTable(table, weight: pass.value(of: inputFactor)) {
      factor(table, pass)  // [V, H]
    }
    return run(
      LayerInput(tokens: tokens, table: projected), factor: pass.gather(tokens, from: factors),
      restarts: tokens.restarts, state: &state, pass)
  }

  private func run(
    _ input: consuming LayerInput, factor: Tensor, restarts: Restarts, state: inout LSTMState,
    _ pass: ForwardPass
  ) -> Tensor {
    pass.multiplicativeLSTM(
      input, factor: factor, innerWeight: pass.recurrentWeight(of: recurrentFactor),
      recurrentWeight: pass.recurrentWeight(of: recurrentWeight), restarts: restarts, state: &state)
  }

  /// W_ih x + b on the last axis.
  private func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(input, weight: pass.value(of: inputWeight), bias: pass.value(of: bias))
  }

  /// W_mx x on the last axis.
  private func factor(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(input, weight: pass.value(of: inputFactor))
  }
}
