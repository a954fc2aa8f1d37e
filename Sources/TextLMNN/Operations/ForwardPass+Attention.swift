package import TextLMTensors

extension ForwardPass {
  /// Causal self-attention over queries, keys and values side by side, [T, B, 3D], as
  /// `CausalAttention` says; the result is [T, B, D].
  ///
  /// Leaves the keys and values of the last steps in `memory`.
  package func attention(
    _ projected: Tensor, _ attention: CausalAttention, memory: inout AttentionMemory
  ) -> Tensor {
    guard let tape else {
      return attention(projected, keys: &memory.keys, values: &memory.values)
    }
    // Held for the gradients, so that the rings are not written in place.
    let before = memory
    let output = attention(projected, keys: &memory.keys, values: &memory.values)
    tape.record(
      outputs: [output, memory.keys, memory.values],
      inputs: [projected.id, before.keys.id, before.values.id]
    ) { gradients in
      let result = attention.gradients(
        gradients[0], keysAfter: gradients[1], valuesAfter: gradients[2], projected: projected,
        keys: before.keys, values: before.values)
      return [result.projected, result.keys, result.values]
    }
    return output
  }
}
