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

  /// The same for inputs that are rows of `table` [V, inputSize], named by tokens.
  ///
  /// Gives what gathering the rows first would. An encoder that begins with a linear map answers
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
    self(pass.gather(tokens, from: table), state: &state, pass)
  }

  /// Encodes from the initial state; padding comes after everything it could influence.
  public func encode(_ input: Tensor, lengths: [Int], _ pass: ForwardPass) -> Tensor {
    var state = initialState(batchSize: input.shape[1])
    return pass.zeroPadding(self(input, state: &state, pass), lengths: lengths)
  }
}
