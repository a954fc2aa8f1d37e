public import TextLMTensors

/// Makes one vector of a sequence by attending to the steps that matter.
///
/// ```
/// u = tanh(W h + b)    w = softmax over t of (u · c)    y = Σ_t w h
/// ```
///
/// W [A, D] and b [A] are a projection, c [A] a learned context; the sum is over h itself, not over u.
/// Parameters: `projection.weight`, `projection.bias`, and `context` [1, A]. Padding and sequences of
/// length 0 have no weight.
///
/// Reference: Zichao Yang et al., "Hierarchical Attention Networks for Document Classification", 2016.
public struct AttentionPooling: Sendable {
  /// D, the width of the vectors and of their sum.
  public let inputSize: Int
  private let projection: Linear
  private let context: Parameter

  /// A layer whose projection has `attentionSize` units, Glorot's; the context is small, so that all
  /// steps have about the same weight to begin with.
  public init(inputSize: Int, attentionSize: Int, in scope: ParameterScope) throws {
    self.inputSize = inputSize
    projection = try Linear(
      inputSize: inputSize, outputSize: attentionSize, in: scope["projection"])
    context = try scope.parameter(
      "context", [1, attentionSize],
      .normal(standardDeviation: 0.1 / Double(attentionSize).squareRoot()))
  }

  /// The sums [B, D] of sequences [T, B, D], and the weights of their steps [T, B].
  public func callAsFunction(
    _ input: Tensor, lengths: [Int], _ pass: ForwardPass
  ) -> (sums: Tensor, weights: Tensor) {
    pass.attentionPool(scores: scores(input, pass), values: input, lengths: lengths)
  }

  /// u · c for each step, [T, B]: the logarithms of the weights but for what makes their sum 1, so that
  /// a sequence can be pooled in parts.
  package func scores(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let projected = pass.tanh(projection(input, pass))  // [T, B, A]
    let scores = pass.linear(projected, weight: pass.value(of: context))  // [T, B, 1]
    return scores.reshaped(to: [input.shape[0], input.shape[1]])
  }
}
