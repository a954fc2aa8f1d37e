public import TextLMTensors

/// Two encoders of which one reads forwards and the other backwards, their outputs side by side.
///
/// y = [forward(x) ; reverse(backward(reverse(x)))], where only the valid part of each row is
/// reversed. Not causal: an output depends on later inputs, so it cannot generate.
public struct Bidirectional<Forward: CausalEncoder>: SequenceEncoder {
  /// Reads from the first step on.
  public let forward: Forward
  /// Reads from the last valid step back.
  public let backward: Forward

  /// Requires encoders of equal input width.
  public init(forward: Forward, backward: Forward) {
    require(
      forward.inputSize == backward.inputSize,
      "bidirectional: input sizes \(forward.inputSize) and \(backward.inputSize) differ")
    self.forward = forward
    self.backward = backward
  }

  /// Width of the inputs, the same for both.
  public var inputSize: Int { forward.inputSize }
  /// Width of both outputs together.
  public var outputSize: Int { forward.outputSize + backward.outputSize }

  /// Encodes each row's valid part in both directions.
  public func encode(_ input: Tensor, lengths: [Int], _ pass: ForwardPass) -> Tensor {
    let ahead = forward.encode(input, lengths: lengths, pass)
    let reversed = pass.reverseInTime(input, lengths: lengths)
    let back = backward.encode(reversed, lengths: lengths, pass)
    return pass.concatenate(ahead, pass.reverseInTime(back, lengths: lengths))
  }
}
