/// A model of text that reads tokens from left to right and says, after each, how likely every
/// token is to come next.
public protocol LanguageModel: Sendable {
  /// What it remembers of the text so far.
  associatedtype State: EncoderState
  /// V, the number of tokens.
  var vocabularySize: Int { get }
  /// All that training changes.
  var parameters: [Parameter] { get }
  /// The state before any text, for `batchSize` texts side by side.
  func initialState(batchSize: Int) -> State
  /// Reads the next T tokens of B texts; returns what it knows after each, [T, B, H], and the logits
  /// of the token after each, [T, B, V], that it computes from that.
  func read(
    _ tokens: TokenBatch, state: inout State, _ pass: ForwardPass
  ) -> (hidden: Tensor, logits: Tensor)
}

extension LanguageModel {
  /// Reads the next T tokens of B texts; returns the logits of the token after each, [T, B, V].
  public func callAsFunction(
    _ tokens: TokenBatch, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    read(tokens, state: &state, pass).logits
  }
}
