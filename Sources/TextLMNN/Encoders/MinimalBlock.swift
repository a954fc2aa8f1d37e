public import TextLMTensors

/// A block of three residual branches: the last inputs, a minimal recurrence and a feed-forward
/// network.
///
/// ```
/// x ← x + conv(x)                               each channel by itself, over 4 steps
/// x ← x + dropout(W_out recurrence(norm(x)))
/// x ← x + dropout(feedforward(norm(x)))
/// ```
///
/// Parameters, under their branches' names: `conv`, `norm`, `recurrence`, `out`, `feed_forward_norm`
/// and `feed_forward`. As in the experiments of the paper that `MinimalRecurrence` names.
public struct MinimalBlock: CausalEncoder {
  /// What the block remembers.
  public struct State: EncoderState {
    /// The convolution's last inputs, [B, 3 · D].
    public var past: Tensor
    /// The recurrence's.
    public var recurrence: HiddenState

    /// Maps the inputs, then the recurrence's state.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(past: transform(past), recurrence: recurrence.mapTensors(transform))
    }
  }

  /// Steps that the convolution sees.
  public static let kernelSize = 4
  /// Width of the feed-forward network inside, for each unit of the block.
  public static let feedForwardFactor = 4

  /// D.
  public let inputSize: Int
  private let convolution: DepthwiseConvolution
  private let norm: RMSNorm
  private let recurrence: MinimalRecurrence
  private let output: Linear
  private let feedForwardNorm: RMSNorm
  private let feedForward: FeedForward
  private let dropout: Dropout

  /// A block of width D whose recurrence is `expansion` times as wide.
  public init(
    _ kind: MinimalRecurrence.Kind, width: Int, expansion: Int, dropoutRate: Float,
    in scope: ParameterScope
  ) throws {
    inputSize = width
    convolution = try DepthwiseConvolution(
      width: width, kernelSize: Self.kernelSize, in: scope["conv"])
    norm = try RMSNorm(size: width, in: scope["norm"])
    recurrence = try MinimalRecurrence(
      kind, inputSize: width, hiddenSize: expansion * width, in: scope["recurrence"])
    output = try Linear(
      inputSize: expansion * width, outputSize: width, hasBias: false, in: scope["out"])
    feedForwardNorm = try RMSNorm(size: width, in: scope["feed_forward_norm"])
    feedForward = try FeedForward(
      width: width, innerSize: Self.feedForwardFactor * width, in: scope["feed_forward"])
    dropout = Dropout(rate: dropoutRate)
  }

  /// The number of parameters of a block.
  public static func parameterCount(
    _ kind: MinimalRecurrence.Kind, width: Int, expansion: Int
  ) -> Int {
    width * (kernelSize + 1) + 2 * width + (kind.gateCount + 1) * expansion * width * width
      + feedForwardFactor * width * (2 * width + 1) + width
  }

  /// D.
  public var outputSize: Int { inputSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> State {
    State(
      past: convolution.initialPast(batchSize: batchSize),
      recurrence: recurrence.initialState(batchSize: batchSize))
  }

  /// Runs the block over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let seen = pass.add(
      input, convolution(input, restarts: restarts, past: &state.past, pass))  // [T, B, D]
    let recurrent = recurrence(
      norm(seen, pass), restarts: restarts, state: &state.recurrence, pass)  // [T, B, e · D]
    let remembered = pass.add(seen, dropout(output(recurrent, pass), pass))  // [T, B, D]
    return pass.add(
      remembered, dropout(feedForward(feedForwardNorm(remembered, pass), pass), pass))
  }

  /// Runs the block over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
