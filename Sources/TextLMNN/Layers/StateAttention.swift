package import TextLMTensors

/// Attention of each state of a sequence to the states before it, within a window.
///
/// ```
/// α = softmax(score(h[t], h[t − window]), .., score(h[t], h[t − 1]))
/// r = Σⱼ αⱼ h[j];  y = tanh(W_r r + W_x h[t])
/// ```
///
/// with Luong's score (W_h h)ᵀ hⱼ or Bahdanau's wᵀ tanh(W_y hⱼ + W_h h); r is 0 where there is nothing
/// before. Parameters: `weight_h`, `weight_r`, `weight_x`, for Bahdanau's score also `weight_y` [H, H]
/// and `factors` [H].
///
/// References: Minh-Thang Luong, Hieu Pham and Christopher Manning, "Effective Approaches to
/// Attention-based Neural Machine Translation", 2015; Dzmitry Bahdanau, Kyunghyun Cho and Yoshua
/// Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", 2015; Michał
/// Daniluk et al., "Frustratingly Short Attention Spans in Neural Language Modeling", 2017.
package struct StateAttention: Sendable {
  /// Additive, Bahdanau's score.
  private struct Additive: Sendable {
    let keys: Linear
    let factors: Parameter
  }

  private let size: Int
  private let window: Int
  private let query: Linear
  private let readOutput: Linear
  private let stateOutput: Linear
  private let additive: Additive?

  /// New or stored parameters in `scope`; weights are Glorot's but for those of the score, which are
  /// small, so that all states weigh the same at first.
  package init(size: Int, window: Int, isAdditive: Bool, in scope: ParameterScope) throws {
    func matrix(_ name: String, _ initializer: Initializer = .xavierUniform()) throws -> Linear {
      try Linear(
        inputSize: size, outputSize: size, hasBias: false, initializer: initializer,
        in: scope[name])
    }
    let small = Initializer.normal(standardDeviation: 0.1 / Double(size).squareRoot())
    self.size = size
    self.window = window
    additive =
      isAdditive
      ? Additive(keys: try matrix("y"), factors: try scope.parameter("factors", [size], small))
      : nil
    query = try matrix("h", isAdditive ? .xavierUniform() : small)
    readOutput = try matrix("r")
    stateOutput = try matrix("x")
  }

  /// Number of parameters, without building.
  static func parameterCount(size: Int, isAdditive: Bool) -> Int {
    (isAdditive ? 4 : 3) * size * size + (isAdditive ? size : 0)
  }

  /// Nothing seen yet.
  package func initialMemory(batchSize: Int) -> StateAttentionMemory {
    let ring = Tensor(zeros: [batchSize, window, size])
    return StateAttentionMemory(states: ring, keys: additive == nil ? nil : ring)
  }

  /// [T, B, H] becomes [T, B, H]. `positions` are those of each row's first step; `observe` is shown
  /// the weights, [T, B, window].
  package func callAsFunction(
    _ states: Tensor, memory: inout StateAttentionMemory, positions: [Int], _ pass: ForwardPass,
    observe: ((Tensor) -> Void)? = nil
  ) -> Tensor {
    let seen = pass.history(states, ring: &memory.states, positions: positions)  // [L + T, B, H]
    let query = query(states, pass)
    let scores: Tensor  // [T, B, L]
    if let additive, var ring = memory.keys.take() {
      let keys = pass.history(additive.keys(states, pass), ring: &ring, positions: positions)
      memory.keys = ring
      scores = pass.windowScores(
        query, keys: keys, factors: pass.value(of: additive.factors), count: window)
    } else {
      scores = pass.windowScores(query, keys: seen, count: window)
    }
    let mask = pass.windowMask(
      timeLength: states.shape[0], count: window, reach: window, positions: positions)
    let weights = pass.softmax(scores, adding: mask)
    observe?(weights)
    let read = pass.windowSums(weights, values: seen)  // [T, B, H]
    return pass.tanh(pass.add(readOutput(read, pass), stateOutput(states, pass)))
  }
}

/// The states that a window of attention still sees.
package struct StateAttentionMemory: EncoderState {
  /// [B, window, H]
  var states: Tensor
  /// What states are compared by where that is not they themselves, [B, window, H].
  var keys: Tensor?

  /// States, then keys.
  package func mapTensors(
    _ transform: (Tensor) throws -> Tensor
  ) rethrows -> StateAttentionMemory {
    StateAttentionMemory(states: try transform(states), keys: try keys.map(transform))
  }
}
