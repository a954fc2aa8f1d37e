public import TextLMTensors

/// One layer of gated recurrent units.
///
/// ```
/// r, z = σ(W_ih x + b_ih + W_hh h₋₁ + b_hh)
/// n = tanh(W_in x + b_in + r (W_hn h₋₁ + b_hn))        reset behind the product
/// n = tanh(W_in x + b_in + W_hn (r h₋₁) + b_hn)        reset in front of it
/// h = (1 − z) n + z h₋₁
/// ```
///
/// Behind is PyTorch's and takes one product a step; in front is the paper's. Weights of one make no
/// sense in the other.
///
/// Parameters have PyTorch's names, shapes and order, H being `hiddenSize` and D `inputSize`:
/// `weight_ih_l0` [3H, D], `weight_hh_l0` [3H, H], `bias_ih_l0` and `bias_hh_l0` [3H]. z keeps the
/// old state; some papers write it the other way round. Layers are put on each other with `Stacked`.
///
/// Reference: Kyunghyun Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for
/// Statistical Machine Translation", 2014.
public struct GRU: CausalEncoder {
  /// Where the reset gate is.
  public enum Reset: String, Sendable, CaseIterable {
    /// Behind the recurrent product.
    case after
    /// In front of it.
    case before
  }

  /// Where the reset gate is.
  public let reset: Reset
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let inputBias: Parameter
  private let recurrentBias: Parameter

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack, `l0_reverse` for
  /// reading backwards.
  ///
  /// New weights are Glorot's for the input and orthogonal for the recurrence; biases are 0.
  public init(
    inputSize: Int, hiddenSize: Int, reset: Reset = .after, suffix: String = "l0",
    in scope: ParameterScope
  ) throws {
    self.reset = reset
    let gateCount = 3 * hiddenSize
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [gateCount, inputSize], .gates(count: 3, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [gateCount, hiddenSize], .gates(count: 3, .orthogonal()))
    inputBias = try scope.parameter("bias_ih_\(suffix)", [gateCount], .gates(count: 3, .zeros))
    recurrentBias = try scope.parameter("bias_hh_\(suffix)", [gateCount], .gates(count: 3, .zeros))
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
    let projected = project(input, pass)  // [T, B, 3H]
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
    guard
      pass.projectsTable(ofRows: table.shape[0], gateCount: 3 * hiddenSize, for: tokens)
    else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let projected = pass.projectedTable(table, weight: pass.value(of: inputWeight)) {
      project(table, pass)  // [V, 3H]
    }
    return run(
      LayerInput(tokens: tokens, table: projected), restarts: tokens.restarts, state: &state, pass)
  }

  private func run(
    _ input: consuming LayerInput, restarts: Restarts, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    let weight = pass.recurrentWeight(of: recurrentWeight)
    switch reset {
    case .after:
      return pass.gru(
        input, recurrentWeight: weight, recurrentBias: pass.value(of: recurrentBias),
        restarts: restarts, state: &state)
    case .before:
      return pass.gruResettingBefore(
        input, recurrentWeight: weight, restarts: restarts, state: &state)
    }
  }

  /// W_ih x + b_ih on the last axis, and b_hh where the recurrence does not add it.
  private func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let bias = pass.value(of: inputBias)
    return pass.linear(
      input, weight: pass.value(of: inputWeight),
      bias: reset == .after ? bias : pass.add(bias, pass.value(of: recurrentBias)))
  }
}
