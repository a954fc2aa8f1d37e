public import TextLMTensors

/// A sequence encoder whose output at a step depends on that step and earlier ones only, so that it
/// can read as text is written.
///
/// What it remembers is a value that the caller keeps. Encoding T steps at once, one after the
/// other, or in any parts gives the same outputs and the same state.
public protocol CausalEncoder: SequenceEncoder {
  /// What is remembered between steps.
  associatedtype State: EncoderState

  /// The state before the first step of `batchSize` sequences.
  func initialState(batchSize: Int) -> State

  /// Encodes the next T steps: [T, B, inputSize] becomes [T, B, outputSize], and `state` moves on
  /// by T steps.
  func callAsFunction(_ input: Tensor, state: inout State, _ pass: ForwardPass) -> Tensor

  /// The same for sequences of which some begin anew in between: where `restarts` says so, a row's
  /// state is the initial one before the step.
  func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor

  /// The same for inputs that are rows of `table` [V, inputSize], named by tokens.
  ///
  /// Rows begin anew where the tokens say. Gives what gathering the rows first would. An encoder that begins with a linear map answers
  /// faster by mapping the table's few rows instead of the sequence's many.
  func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor
}

extension CausalEncoder {
  /// Gathers the rows and encodes them.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    self(pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
  }

  /// Cuts the sequence where rows begin anew, and replaces their state there.
  ///
  /// Costs a run for each such step; an encoder that can does it in one.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let (timeLength, batchSize) = (input.shape[0], input.shape[1])
    let parts = restarts.parts(timeLength: timeLength, batchSize: batchSize)
    let initial = initialState(batchSize: batchSize)
    let inputs = pass.splitInTime(input, lengths: parts.map(\.steps.count))
    let outputs = zip(parts, inputs).map { part, input in
      if let rows = part.resets { state = pass.resetting(state, to: initial, rows: rows) }
      return self(input, state: &state, pass)
    }
    return pass.joinInTime(outputs)
  }

  /// Encodes from the initial state; padding comes after everything it could influence.
  public func encode(_ input: Tensor, lengths: [Int], _ pass: ForwardPass) -> Tensor {
    var state = initialState(batchSize: input.shape[1])
    return pass.zeroPadding(self(input, state: &state, pass), lengths: lengths)
  }
}
