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
/// put on each other with `Stacked`.
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

  /// A layer whose parameters' names end in `suffix`: `l0`, `l1` in a stack, `l0_reverse` for
  /// reading backwards.
  ///
  /// New weights are Glorot's for the input and orthogonal for the recurrence; the forget gates'
  /// bias is 1, all others 0.
  public init(
    inputSize: Int, hiddenSize: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    let gateCount = 4 * hiddenSize
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [gateCount, inputSize], .xavierUniform)
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [gateCount, hiddenSize], .orthogonalBlocks(count: 4))
    inputBias = try scope.parameter(
      "bias_ih_\(suffix)", [gateCount], .lstmBias(hiddenSize: hiddenSize))
    recurrentBias = try scope.parameter("bias_hh_\(suffix)", [gateCount], .zeros)
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
    return pass.lstm(
      projected: consume projected, recurrentWeight: pass.value(of: recurrentWeight),
      restarts: restarts, state: &state)
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
    guard projectsTable(of: table.shape[0], tokens, pass) else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let projected = pass.projectedTable(table, weight: pass.value(of: inputWeight)) {
      project(table, pass)  // [V, 4H]
    }
    return pass.lstm(
      tokens: tokens, table: projected, recurrentWeight: pass.value(of: recurrentWeight),
      state: &state)
  }

  /// W_ih x + b_ih + b_hh on the last axis.
  private func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(
      input, weight: pass.value(of: inputWeight),
      bias: pass.add(pass.value(of: inputBias), pass.value(of: recurrentBias)))
  }

  /// Whether to project a whole table of `rowCount` rows.
  ///
  /// In training that is done anew each step, so it must save rows. In inference the result serves
  /// the whole pass, so it only must not be huge: 16 million numbers are 64 MiB.
  private func projectsTable(of rowCount: Int, _ tokens: TokenBatch, _ pass: ForwardPass) -> Bool {
    switch pass.mode {
    case .training: rowCount <= tokens.tokens.count
    case .inference: rowCount * 4 * hiddenSize <= 1 << 24
    }
  }
}

/// What an LSTM layer remembers.
public struct LSTMState: EncoderState {
  /// h, the last output, [B, H].
  public var hidden: Tensor
  /// c, the cell state, [B, H].
  public var cell: Tensor

  /// A state of the given tensors, [B, H] each.
  public init(hidden: Tensor, cell: Tensor) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Maps h, then c.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> LSTMState {
    try LSTMState(hidden: transform(hidden), cell: transform(cell))
  }
}
