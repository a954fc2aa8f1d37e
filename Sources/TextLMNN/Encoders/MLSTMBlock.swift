public import TextLMTensors

/// A block of xLSTM with matrix memory.
///
/// ```
/// a, z = W_up norm(x)                          2D each
/// c = silu(conv(a));  q, k = blocks of c, v = blocks of a;  i, f = W_if [q ; k ; v] + b
/// x ← x + W_down ((norm_N(memory(q, k, v, i, f)) + skip · c) silu(z))
/// ```
///
/// The memory is C = σ(f) C₋₁ + eⁱ k vᵀ, n = σ(f) n₋₁ + eⁱ k, h = qᵀC / max(|qᵀn|, 1), for each of N
/// heads; norm_N is by head. Parameters, under these names: `norm`, `up`, `conv`, `query`, `key`,
/// `value`, `gates`, `head_norm`, `skip`, `down`.
///
/// Reference: Maximilian Beck et al., "xLSTM: Extended Long Short-Term Memory", 2024.
public struct MLSTMBlock: CausalEncoder {
  /// What the block remembers.
  public struct State: EncoderState {
    /// The convolution's last inputs, [B, 3 · 2D].
    var past: Tensor
    var memory: MatrixMemory.State

    /// Maps the inputs, then the memory.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(past: transform(past), memory: memory.mapTensors(transform))
    }
  }

  private static let kernelSize = 4
  /// Elements that a query, key or value is made of.
  private static func groupSize(width: Int) -> Int { width.isMultiple(of: 2) ? 4 : 2 }

  /// D.
  public let inputSize: Int
  private let norm: LayerNorm
  private let up: Linear
  private let convolution: DepthwiseConvolution
  private let query: BlockLinear
  private let key: BlockLinear
  private let value: BlockLinear
  private let gates: (weight: Parameter, bias: Parameter)
  private let memory: MatrixMemory
  private let headNorm: Parameter
  private let skip: Parameter
  private let down: Linear
  private let dropout: Dropout

  /// A block of width D with N heads, among `layerCount` ones. Requires that N divides 2D.
  public init(
    width: Int, headCount: Int, layerCount: Int, dropoutRate: Float, in scope: ParameterScope
  ) throws {
    let inner = 2 * width
    let groupSize = Self.groupSize(width: width)
    require(inner.isMultiple(of: headCount), "xLSTM: \(headCount) heads of \(inner) units")
    inputSize = width
    norm = try LayerNorm(size: width, in: scope["norm"])
    up = try Linear(
      inputSize: width, outputSize: 2 * inner, hasBias: false,
      initializer: .normal(standardDeviation: (2 / (5 * Double(width))).squareRoot()),
      in: scope["up"])
    convolution = try DepthwiseConvolution(
      width: inner, kernelSize: Self.kernelSize, in: scope["conv"])
    query = try BlockLinear(width: inner, groupSize: groupSize, in: scope["query"])
    key = try BlockLinear(width: inner, groupSize: groupSize, in: scope["key"])
    value = try BlockLinear(width: inner, groupSize: groupSize, in: scope["value"])
    let forget = (0..<headCount).map { 3 + 3 * Float($0) / Float(max(headCount - 1, 1)) }
    gates = (
      try scope["gates"].parameter("weight", [2 * headCount, 3 * inner], .zeros),
      try scope["gates"].parameter(
        "bias", [2 * headCount], .values([Float](repeating: 0, count: headCount) + forget))
    )
    memory = MatrixMemory(headCount: headCount, headSize: inner / headCount)
    headNorm = try scope["head_norm"].parameter("weight", [inner], .constant(1))
    skip = try scope.parameter("skip", [inner], .constant(1))
    down = try Linear(
      inputSize: inner, outputSize: width, hasBias: false,
      initializer: .normal(
        standardDeviation: 2 / (Double(layerCount) * Double(width).squareRoot())),
      in: scope["down"])
    dropout = Dropout(rate: dropoutRate)
  }

  /// 6D² + 40D + 12DN + 2N; 28D for an odd D.
  public static func parameterCount(width: Int, headCount: Int) -> Int {
    6 * width * width + (16 + 6 * groupSize(width: width)) * width + 12 * width * headCount
      + 2 * headCount
  }

  /// D.
  public var outputSize: Int { inputSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> State {
    State(
      past: convolution.initialPast(batchSize: batchSize),
      memory: memory.initialState(batchSize: batchSize))
  }

  /// Runs the block over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let inner = 2 * inputSize
    let parts = pass.split(
      up(norm(input, pass), pass), [inner, inner], axis: 2)  // [T, B, 2D] each
    let seen = pass.silu(convolution(parts[0], past: &state.past, pass))
    let (queries, keys, values) = (query(seen, pass), key(seen, pass), value(parts[0], pass))
    let gates = pass.split(
      pass.linear(
        pass.concatenate([queries, keys, values], axis: 2), weight: pass.value(of: gates.weight),
        bias: pass.value(of: gates.bias)),
      [memory.headCount, memory.headCount], axis: 2)  // [T, B, N] each
    let read = memory(
      MatrixMemory.Input(
        queries: queries, keys: keys, values: values, inputGates: gates[0],
        forgetGates: gates[1]),
      state: &state.memory, pass)  // [T, B, 2D]
    let normalized = pass.layerNorm(
      read, gain: pass.value(of: headNorm), bias: Tensor(zeros: [inner]),
      groupCount: memory.headCount)
    let skipped = pass.add(normalized, pass.multiply(seen, pass.value(of: skip)))
    let output = down(pass.multiply(skipped, pass.silu(parts[1])), pass)  // [T, B, D]
    return pass.add(input, dropout(output, pass))
  }
}
