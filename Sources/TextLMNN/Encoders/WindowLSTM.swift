public import TextLMTensors

/// Long short-term memory whose gates see the last few inputs and not only the present one.
///
/// ```
/// i, f, g, o = Σⱼ W_j x₋ⱼ + b + LN(W_hh h₋₁) γ          j < K
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(LN(c) γ_c + β_c)
/// ```
///
/// What the last characters were is most of what the next one depends on, and a recurrence needs most
/// of its units to carry it along. Here the gates are told, at the cost of looking K rows up: since
/// W_j x is the same for every place of a character, W_j is multiplied with the vocabulary's few rows.
/// The units are left to remember what is further away.
///
/// Parameters, H being `hiddenSize` and D `inputSize`: `weight_ih_l0` [4H, D] for the present input,
/// `weight_ih_l0_before1` and so on for those before; the others are an `LSTM`'s with one bias,
/// normalized as in `LSTM`, but for the inputs' part.
public struct WindowLSTM: CausalEncoder {
  /// What the layer remembers.
  public struct State: EncoderState {
    /// The last K − 1 inputs, [B, (K − 1) · D], the latest last.
    public var past: Tensor
    /// The recurrence's.
    public var recurrence: LSTMState

    /// Maps the inputs, then the recurrence's state.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(past: transform(past), recurrence: recurrence.mapTensors(transform))
    }
  }

  private static let epsilon: Float = 1e-5
  /// D.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  /// K, the inputs that a gate sees.
  public let window: Int
  /// By how long ago.
  private let inputWeights: [Parameter]
  private let recurrentWeight: Parameter
  private let bias: Parameter
  private let recurrentGain: Parameter
  private let cellGain: Parameter
  private let cellBias: Parameter

  /// A layer whose parameters' names end in `suffix`. New weights are Glorot's for the inputs, those
  /// of earlier ones half as large, and orthogonal for the recurrence; the forget gates' bias is 1,
  /// all others 0. Requires a window of at least two steps.
  public init(
    inputSize: Int, hiddenSize: Int, window: Int, suffix: String = "l0", in scope: ParameterScope
  ) throws {
    require(window >= 2, "window LSTM: a window of \(window) steps is too short")
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.window = window
    inputWeights = try (0..<window).map { age in
      try scope.parameter(
        "weight_ih_\(suffix)" + (age == 0 ? "" : "_before\(age)"), [4 * hiddenSize, inputSize],
        .gates(count: 4, .xavierUniform(gain: age == 0 ? 1 : 0.5)))
    }
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [4 * hiddenSize, hiddenSize], .gates(count: 4, .orthogonal()))
    bias = try scope.parameter(
      "bias_ih_\(suffix)", [4 * hiddenSize], .lstmBias(hiddenSize: hiddenSize))
    recurrentGain = try scope.parameter(
      "norm_hh_weight_\(suffix)", [4 * hiddenSize], .constant(1))
    cellGain = try scope.parameter("norm_c_weight_\(suffix)", [hiddenSize], .constant(1))
    cellBias = try scope.parameter("norm_c_bias_\(suffix)", [hiddenSize], .zeros)
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> State {
    let zeros = Tensor(zeros: [batchSize, hiddenSize])
    return State(
      past: Tensor(zeros: [batchSize, (window - 1) * inputSize]),
      recurrence: LSTMState(hidden: zeros, cell: zeros))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let (time, batch) = (input.shape[0], input.shape[1])
    return run(
      WindowTable(
        rows: input.reshaped(to: [time * batch, inputSize]),
        tokens: TokenBatch(
          (0..<Int32(time * batch)).map { $0 }, timeLength: time, batchSize: batch,
          restarts: restarts)),
      latest: { pass.latestSteps(of: input, after: $0, restarts: restarts) }, state: &state, pass)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }

  /// Runs the layer over T steps, projecting the table's rows instead of each step's input.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    guard
      pass.projectsTable(
        ofRows: table.shape[0], gateCount: 4 * hiddenSize * window, for: tokens)
    else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    return run(
      WindowTable(rows: table, tokens: tokens),
      latest: { past in
        // No more steps than the window has are needed.
        let kept = tokens.suffix(steps: window - 1)
        return pass.latestSteps(
          of: pass.gather(kept, from: table), after: past, restarts: kept.restarts)
      }, state: &state, pass)
  }

  private func run(
    _ table: WindowTable, latest: (Tensor) -> Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let before = state.past
    state.past = latest(before)
    let projected = sums(table, past: before, pass)  // [T, B, 4H]
    return pass.lstm(
      projected: consume projected, recurrentWeight: pass.recurrentWeight(of: recurrentWeight),
      normalization: LSTMVariant.Normalization(
        recurrentGain: pass.value(of: recurrentGain), cellGain: pass.value(of: cellGain),
        cellBias: pass.value(of: cellBias), epsilon: Self.epsilon),
      zoneout: .none, restarts: table.tokens.restarts, state: &state.recurrence)
  }

  /// Σⱼ W_j x₋ⱼ + b at every place.
  private func sums(_ table: WindowTable, past: Tensor, _ pass: ForwardPass) -> Tensor {
    let batch = table.tokens.batchSize
    let pastRows = past.reshaped(to: [batch * (window - 1), inputSize])
    let tables = inputWeights.enumerated().map { age, parameter -> Tensor in
      let weight = pass.value(of: parameter)
      let present = pass.projectedTable(table.rows, weight: weight) {
        pass.linear(
          table.rows, weight: weight, bias: age == 0 ? pass.value(of: bias) : nil)  // [V, 4H]
      }
      // A row of zeros for what was before a beginning, and the past's rows.
      guard age > 0 else { return present }
      let nothing = Tensor(zeros: [1, 4 * hiddenSize])
      return pass.concatenate(
        [present, nothing, pass.linear(pastRows, weight: weight)], axis: 0)
    }
    let places = (0..<window).map { age in
      table.places(age: age, pastLength: window - 1)
    }
    return pass.gatherSum(
      places, from: tables, timeLength: table.tokens.timeLength, batchSize: batch)
  }
}

/// A table and the rows of it that a sequence consists of.
private struct WindowTable {
  /// [V, D]
  let rows: Tensor
  let tokens: TokenBatch

  /// The rows at which what came `age` steps before each place is found, in the table followed by a
  /// row of zeros and the past's rows, `pastLength` a row of the batch.
  func places(age: Int, pastLength: Int) -> [Int32] {
    let (batch, rowCount) = (tokens.batchSize, rows.shape[0])
    if age == 0 { return tokens.tokens }
    return (0..<tokens.tokens.count).map { place in
      let (step, row) = (place / batch, place % batch)
      let begins = (max(step - age + 1, 0)..<step + 1).contains {
        tokens.restarts.flag(step: $0, row: row, batchSize: batch)
      }
      if begins { return Int32(rowCount) }
      if step >= age { return tokens.tokens[place - age * batch] }
      return Int32(rowCount + 1 + row * pastLength + pastLength + step - age)
    }
  }
}

extension TokenBatch {
  /// The last `count` steps, or all if they are fewer.
  fileprivate func suffix(steps count: Int) -> TokenBatch {
    let first = max(timeLength - count, 0)
    if first == 0 { return self }
    let kept = first * batchSize..<tokens.count
    let flags = kept.map {
      restarts.flag(step: $0 / batchSize, row: $0 % batchSize, batchSize: batchSize)
    }
    return TokenBatch(
      Array(tokens[kept]), timeLength: timeLength - first, batchSize: batchSize,
      restarts: Restarts(flags))
  }
}

extension ForwardPass {
  /// The sum of rows of several tables [.., W], one of each at every place, [T, B, W].
  func gatherSum(
    _ places: [[Int32]], from tables: [Tensor], timeLength: Int, batchSize: Int
  ) -> Tensor {
    let output = Tensor.gatheringSum(places, from: tables, leading: [timeLength, batchSize])
    let rowCounts = tables.map { $0.shape[0] }
    tape?.record(output: output, inputs: tables) { gradient in
      zip(places, rowCounts).map { gradient.scatteringRows($0, rowCount: $1) }
    }
    return output
  }
}
