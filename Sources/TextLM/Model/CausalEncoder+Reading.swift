extension CausalEncoder {
  /// Reads T tokens of B texts through an embedding, with the dropout of rows and of inputs that the pass
  /// asks for: the outputs [T, B, H].
  func read(
    _ tokens: TokenBatch, from embedding: Embedding, state: inout State, _ pass: ForwardPass
  ) -> Tensor {
    let table = pass.embeddingTable(of: embedding.weight)  // [V, E]
    let inputDropout = pass.regularization.inputDropout
    // An encoder may map the table's rows instead of each place's input, but not when places differ
    // by their masks.
    guard inputDropout > 0 else {
      return self(tokens: tokens, table: table, state: &state, pass)
    }
    let input = pass.dropout(pass.gather(tokens, from: table), rate: inputDropout)  // [T, B, E]
    return self(input, restarts: tokens.restarts, state: &state, pass)
  }
}
