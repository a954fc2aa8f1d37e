public import TextLMTensors

/// A differentiable function of one tensor.
public protocol Layer: Sendable {
  /// The layer's output for `input`.
  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor
}

/// Turns sequences of vectors into sequences of vectors, each output knowing of the others in any
/// direction.
///
/// Enough for classifying and labelling; not for generating, which takes a `CausalEncoder`.
public protocol SequenceEncoder: Sendable {
  /// Width of the inputs.
  var inputSize: Int { get }
  /// Width of the outputs.
  var outputSize: Int { get }
  /// Encodes whole sequences of different lengths: [T, B, inputSize] becomes [T, B, outputSize].
  ///
  /// Positions t >= lengths[b] are padding: they influence no output, and their own is zero.
  func encode(_ input: Tensor, lengths: [Int], _ pass: ForwardPass) -> Tensor
}
