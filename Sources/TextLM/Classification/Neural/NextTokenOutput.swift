/// What tells the next token from what a classifier's encoder says of a text so far: an output that is there
/// in training alone, so that the encoder stays a language model while it learns labels, or becomes one.
///
/// ```
/// y = W h + b    loss = mean over all tokens of −ln softmax(y)[next token]
/// ```
///
/// h [T, B, H] are the outputs of the encoder that reads forwards, as they are. Each text's tokens are told
/// from the boundary in front of it on; what comes after its last one is not. The classifier's loss and λ of
/// these nats are made small together. Parameters: `next_token.weight` [V, H] and `next_token.bias`.
///
/// References: Alec Radford, Karthik Narasimhan, Tim Salimans and Ilya Sutskever, "Improving Language
/// Understanding by Generative Pre-Training", 2018; Alexandra Chronopoulou, Christos Baziotis and
/// Alexandros Potamianos, "An Embarrassingly Simple Approach for Transfer Learning from Pretrained
/// Language Models", 2019.
package struct NextTokenOutput: Sendable {
  /// The weight and the bias.
  package let parameters: [Parameter]
  private let linear: Linear

  /// What the paths of the parameters begin with.
  static let scope = "next_token"

  /// An output over `vocabularySize` tokens for an encoder's outputs of width `inputSize`.
  package init(
    vocabularySize: Int, inputSize: Int, from source: any ParameterSource
  ) throws {
    let root = ParameterScope(source)
    linear = try Linear(
      inputSize: inputSize, outputSize: vocabularySize, in: root[Self.scope])
    parameters = root.parameters
  }

  /// The mean over all tokens of a batch of −ln of each one's probability after those before it, in nats,
  /// of shape `[]`; 0 where no text has any. Padding does not count.
  ///
  /// - Parameter states: The encoder's outputs, [T, B, H].
  func nats(
    _ states: Tensor, of batch: ClassifierBatch, _ pass: ForwardPass
  ) -> Tensor {
    pass.softmaxCrossEntropy(linear(states, pass), targets: batch.nextTokens)
  }

  /// Bytes that it takes at its peak, about, for batches of so many tokens.
  static func trainingBytes(vocabularySize: Int, inputSize: Int, batchTokens: Int) -> Int {
    4 * vocabularySize * (6 * (inputSize + 1) + 2 * batchTokens)
  }
}
