public import TextLMTensors

/// One layer of long short-term memory, with forget gates and without peepholes.
///
/// ```
/// i, f, g, o = W_ih x + b_ih + W_hh h₋₁ + b_hh
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(c)
/// ```
///
/// Parameters have PyTorch's names, shapes and order, H being `hiddenSize` and D `inputSize`:
/// `weight_ih_l0` [4H, D], `weight_hh_l0` [4H, H], `bias_ih_l0` and `bias_hh_l0` [4H]. Layers are
/// put on each other with `Stacked`. What `Normalization` and `Zoneout` change is said there.
///
/// References: Sepp Hochreiter and Jürgen Schmidhuber, "Long Short-Term Memory", 1997; Felix Gers,
/// Jürgen Schmidhuber and Fred Cummins, "Learning to Forget", 2000.
public struct LSTM: CausalEncoder {
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let inputBias: Parameter
  private let recurrentBias: Parameter
  private let normalization: Normalization?
  private let zoneout: Zoneout

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack, `l0_reverse` for
  /// reading backwards.
  ///
  /// New weights are Glorot's for the input and orthogonal for the recurrence; the forget gates'
  /// bias is `forgetBias`, all others 0. A normalized layer has the parameters of `Normalization`
  /// besides.
  public init(
    inputSize: Int, hiddenSize: Int, suffix: String = "l0", forgetBias: Float = 1,
    isNormalized: Bool = false, zoneout: Zoneout = .none, in scope: ParameterScope
  ) throws {
    let gateCount = 4 * hiddenSize
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [gateCount, inputSize], .gates(count: 4, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [gateCount, hiddenSize], .gates(count: 4, .orthogonal()))
    inputBias = try scope.parameter(
      "bias_ih_\(suffix)", [gateCount], .lstmBias(hiddenSize: hiddenSize, forget: forgetBias))
    recurrentBias = try scope.parameter("bias_hh_\(suffix)", [gateCount], .gates(count: 4, .zeros))
    normalization =
      isNormalized
      ? try Normalization(hiddenSize: hiddenSize, suffix: suffix, in: scope) : nil
    self.zoneout = zoneout
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
    return run(projected: consume projected, restarts: restarts, state: &state, pass)
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
    guard pass.projectsTable(ofRows: table.shape[0], gateCount: 4 * hiddenSize, for: tokens)
    else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let projected = pass.projectedTable(table, weight: pass.value(of: inputWeight)) {
      project(table, pass)  // [V, 4H]
    }
    guard isPlain else {
      return run(
        projected: pass.gather(tokens, from: projected), restarts: tokens.restarts, state: &state,
        pass)
    }
    return pass.lstm(
      tokens: tokens, table: projected, recurrentWeight: pass.recurrentWeight(of: recurrentWeight),
      state: &state)
  }

  /// Whether the layer has nothing but an LSTM's own equations, for which there is a faster path.
  private var isPlain: Bool { normalization == nil && zoneout == .none }

  /// The recurrence, given the input's part of the pre-activations, [T, B, 4H].
  private func run(
    projected: consuming Tensor, restarts: Restarts, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let weight = pass.recurrentWeight(of: recurrentWeight)
    guard isPlain else {
      return pass.lstm(
        projected: projected, recurrentWeight: weight,
        normalization: normalization?.values(in: pass),
        zoneout: zoneout, restarts: restarts, state: &state)
    }
    return pass.lstm(
      projected: projected, recurrentWeight: weight, restarts: restarts, state: &state)
  }

  /// W_ih x + b_ih + b_hh on the last axis, W_ih x being normalized first where the layer is.
  private func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let weight = pass.value(of: inputWeight)
    let bias = pass.add(pass.value(of: inputBias), pass.value(of: recurrentBias))
    guard let normalization else { return pass.linear(input, weight: weight, bias: bias) }
    return normalization.normalizeInput(pass.linear(input, weight: weight), bias: bias, pass)
  }
}
