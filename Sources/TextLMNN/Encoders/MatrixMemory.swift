package import TextLMTensors

/// The matrix memory of xLSTM: a sum of products of keys and values, each step's faded by the forget
/// gates since, which a query reads.
///
/// ```
/// C = σ(f) C₋₁ + eⁱ k vᵀ;  n = σ(f) n₋₁ + eⁱ k
/// h = qᵀC / max(|qᵀn|, 1)
/// ```
///
/// C and n are kept divided by eᵐ, m being the logarithm of the sum of all weights, so that nothing
/// overflows.
package struct MatrixMemory {
  /// What a head remembers.
  package struct State: EncoderState {
    /// C e⁻ᵐ, [B, N · W · W] for N heads of width W.
    var memory: Tensor
    /// n e⁻ᵐ, [B, N · W].
    var normalizer: Tensor
    /// m, [B, N].
    var logarithm: Tensor

    package func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> State {
      try State(
        memory: transform(memory), normalizer: transform(normalizer),
        logarithm: transform(logarithm))
    }
  }

  /// N.
  let headCount: Int
  /// W.
  let headSize: Int

  /// A memory of N heads of width W.
  package init(headCount: Int, headSize: Int) {
    (self.headCount, self.headSize) = (headCount, headSize)
  }

  /// Zeros.
  package func initialState(batchSize: Int) -> State {
    State(
      memory: Tensor(zeros: [batchSize, headCount * headSize * headSize]),
      normalizer: Tensor(zeros: [batchSize, headCount * headSize]),
      logarithm: Tensor(zeros: [batchSize, headCount]))
  }

  package typealias Input = MatrixMemoryTrace.Input

  /// Reads and writes T steps; returns h [T, B, N · W].
  package func callAsFunction(_ input: Input, state: inout State, _ pass: ForwardPass) -> Tensor {
    let trace = pass.matrixMemory(
      input, states: [state.memory, state.normalizer, state.logarithm])
    state = State(
      memory: trace.states[0], normalizer: trace.states[1], logarithm: trace.states[2])
    return trace.output
  }
}
