public import TextLMTensors

/// A block of xLSTM with scalar memory: an sLSTM layer, then a gated feed-forward network, each a
/// residual branch.
///
/// ```
/// x ← x + norm(sLSTM(norm(x)))
/// x ← x + W_down (gelu(W_gate x̂) W_up x̂),  x̂ = norm(x)
/// ```
///
/// Parameters, under these names: `norm`, `cell`, `cell_norm`, `feed_forward_norm`, `gate`, `up` and
/// `down`, whose inner width is 4/3 of the block's, up to a multiple of 8.
///
/// Reference: the paper that `SLSTM` names; its convolution before the gates is left out.
public struct SLSTMBlock: CausalEncoder {
  /// D.
  public let inputSize: Int
  private let norm: LayerNorm
  private let cell: SLSTM
  private let cellNorm: LayerNorm
  private let feedForwardNorm: LayerNorm
  private let gate: Linear
  private let up: Linear
  private let down: Linear
  private let dropout: Dropout

  /// A block of width D.
  public init(width: Int, dropoutRate: Float, in scope: ParameterScope) throws {
    inputSize = width
    let inner = Self.innerSize(width: width)
    norm = try LayerNorm(size: width, in: scope["norm"])
    cell = try SLSTM(inputSize: width, hiddenSize: width, in: scope["cell"])
    cellNorm = try LayerNorm(size: width, in: scope["cell_norm"])
    feedForwardNorm = try LayerNorm(size: width, in: scope["feed_forward_norm"])
    gate = try Linear(inputSize: width, outputSize: inner, hasBias: false, in: scope["gate"])
    up = try Linear(inputSize: width, outputSize: inner, hasBias: false, in: scope["up"])
    down = try Linear(inputSize: inner, outputSize: width, hasBias: false, in: scope["down"])
    dropout = Dropout(rate: dropoutRate)
  }

  /// The width inside the feed-forward network.
  public static func innerSize(width: Int) -> Int { (width * 4 / 3 + 7) / 8 * 8 }

  /// The number of parameters of a block.
  public static func parameterCount(width: Int) -> Int {
    8 * width * width + 10 * width + 3 * width * innerSize(width: width)
  }

  /// D.
  public var outputSize: Int { inputSize }

  /// The layer's.
  public func initialState(batchSize: Int) -> SLSTMState {
    cell.initialState(batchSize: batchSize)
  }

  /// Runs the block over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout SLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let remembered = cellNorm(
      cell(norm(input, pass), restarts: restarts, state: &state, pass), pass)
    let output = pass.add(input, dropout(remembered, pass))  // [T, B, D]
    let normalized = feedForwardNorm(output, pass)
    let inner = pass.multiply(pass.gelu(gate(normalized, pass)), up(normalized, pass))
    return pass.add(output, dropout(down(inner, pass), pass))
  }

  /// Runs the block over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout SLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
