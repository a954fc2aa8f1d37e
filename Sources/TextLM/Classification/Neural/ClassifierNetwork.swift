/// What a neural classifier computes with, whatever its encoders are.
protocol ClassifierNetwork: Sendable {
  /// All that training changes.
  var parameters: [Parameter] { get }

  /// Reads texts side by side.
  func callAsFunction(_ batch: ClassifierBatch, _ pass: ForwardPass) -> ClassifierOutput

  /// The logits [B, outputs] of texts that are read side by side for their labels alone.
  func logits(_ batch: ClassifierBatch, _ pass: ForwardPass) -> Tensor

  /// Reads one text of any length in windows of so many tokens, of which one at a time is in memory.
  ///
  /// Of a sequence the result is, but for rounding, that of reading it whole.
  func reading(
    _ text: [TokenID], windowLength: Int, _ pass: ForwardPass
  ) -> ClassifierOutput
}

extension ClassifierNetwork {
  func logits(_ batch: ClassifierBatch, _ pass: ForwardPass) -> Tensor { self(batch, pass).logits }
}

/// What a network says of some texts.
struct ClassifierOutput {
  /// [B, outputs].
  let logits: Tensor
  /// The weight of each step in its text, [T, B], the boundary's first; nil without attention.
  let weights: Tensor?
  /// What the encoder that reads a batch forwards said at each step, [T, B, H]; nil where there is none
  /// that reads whole texts.
  var states: Tensor?
}
