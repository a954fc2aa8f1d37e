import CTextLMKernels

/// What a matrix memory of several heads computed over a whole sequence, with what its gradient
/// needs.
///
/// ```
/// C = σ(f) C₋₁ + eⁱ k vᵀ;  n = σ(f) n₋₁ + eⁱ k
/// h = qᵀC / max(|qᵀn|, 1)
/// ```
///
/// for each head by itself, with k divided by √W. States are C e⁻ᵐ [B, N · W · W], n e⁻ᵐ [B, N · W]
/// and m [B, N], in this order, m being the logarithm of the sum of all weights.
///
/// Letters: T steps, B rows, N heads of width W.
package struct MatrixMemoryTrace {
  /// What a sequence brings: queries, keys and values [T, B, N · W], gates before activation
  /// [T, B, N].
  package struct Input {
    package var queries, keys, values, inputGates, forgetGates: Tensor

    /// Those tensors.
    package init(
      queries: Tensor, keys: Tensor, values: Tensor, inputGates: Tensor, forgetGates: Tensor
    ) {
      (self.queries, self.keys, self.values) = (queries, keys, values)
      (self.inputGates, self.forgetGates) = (inputGates, forgetGates)
    }

    /// In that order.
    package var tensors: [Tensor] { [queries, keys, values, inputGates, forgetGates] }
  }

  /// h, [T, B, N · W].
  package let output: Tensor
  /// The states after the last step.
  package let states: [Tensor]
  private let kept: Tensor?
  private let input: Input
  private let statesBefore: [Tensor]

  /// Runs all steps from the states before the first one, and keeps what gradients need if they are
  /// wanted.
  package init(_ input: Input, states: [Tensor], wantsGradients: Bool) {
    let (sequence, gates) = (input.queries.shape, input.inputGates.shape)
    require(
      sequence.rank == 3 && gates.rank == 3 && sequence[0] > 0
        && sequence[2].isMultiple(of: gates[2])
        && input.tensors.map(\.shape) == [sequence, sequence, sequence, gates, gates]
        && [gates[0], gates[1]] == [sequence[0], sequence[1]]
        && states.map(\.shape) == Self.stateShapes(sequence: sequence, headCount: gates[2]),
      "matrix memory: \(input.tensors.map(\.shape)), states \(states.map(\.shape))")
    let keptCount = tlm_matrix_memory_kept_size(
      sequence[0], sequence[1], gates[2], sequence[2] / gates[2])
    let results = withExtendedLifetime((input, states)) {
      let shapes = [sequence] + states.map(\.shape) + (wantsGradients ? [[keptCount]] : [])
      return Tensor.written(shapes) { addresses in
        var value = Self.kernelValue(input, states)
        var after = Self.kernelState(Array(addresses[1...3]))
        tlm_matrix_memory_forward(
          &value, addresses[0], &after, wantsGradients ? addresses[4] : nil)
      }
    }
    (output, self.states, kept) = (results[0], Array(results[1...3]), results.dropFirst(4).first)
    (self.input, statesBefore) = (input, states)
  }

  /// C, n and m.
  private static func stateShapes(sequence: Shape, headCount: Int) -> [Shape] {
    let (batch, width) = (sequence[1], sequence[2])
    return [[batch, width * (width / headCount)], [batch, width], [batch, headCount]]
  }

  /// Gradients of the input's tensors and of the states before, from those of the output and of the
  /// states after; nil is zero. Requires a trace that wants gradients.
  package func gradients(
    output outputGradient: Tensor?, states stateGradients: [Tensor?]
  ) -> [Tensor] {
    guard let kept else { fatalError("matrix memory: gradients of a trace that wants none") }
    let fromAbove = outputGradient ?? Tensor(zeros: output.shape)
    let shapes = (input.tensors + statesBefore).map(\.shape)
    return withExtendedLifetime((input, statesBefore, output, kept, fromAbove, stateGradients)) {
      Tensor.written(shapes) { addresses in
        var value = Self.kernelValue(input, statesBefore)
        var after = Self.kernelState(
          stateGradients.map { $0.map { UnsafeMutablePointer(mutating: $0.address) } })
        var gradients = tlm_matrix_memory_gradients(
          queries: addresses[0], keys: addresses[1], values: addresses[2],
          input_gates: addresses[3], forget_gates: addresses[4],
          before: Self.kernelState(Array(addresses[5...])))
        tlm_matrix_memory_backward(
          &value, output.address, kept.address, fromAbove.address, &after, &gradients)
      }
    }
  }

  private static func kernelValue(_ input: Input, _ states: [Tensor]) -> tlm_matrix_memory {
    let (shape, headCount) = (input.queries.shape, input.inputGates.shape[2])
    return tlm_matrix_memory(
      T: shape[0], B: shape[1], heads: headCount, width: shape[2] / headCount,
      queries: input.queries.address, keys: input.keys.address, values: input.values.address,
      input_gates: input.inputGates.address, forget_gates: input.forgetGates.address,
      memory: states[0].address, normalizer: states[1].address, logarithm: states[2].address)
  }

  private static func kernelState(
    _ addresses: [UnsafeMutablePointer<Float>?]
  ) -> tlm_matrix_memory_state {
    tlm_matrix_memory_state(
      memory: addresses[0], normalizer: addresses[1], logarithm: addresses[2])
  }
}
