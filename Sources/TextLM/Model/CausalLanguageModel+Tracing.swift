/// A model that can be asked where it looks.
protocol MemoryShowing {
  /// Where each reader and writer looked after each of the tokens of one text; nil of an encoder that has
  /// nothing to show.
  func memoryMaps(reading tokens: [TokenID]) -> [MemoryMap]?
}

extension CausalLanguageModel: MemoryShowing {
  func memoryMaps(reading tokens: [TokenID]) -> [MemoryMap]? {
    guard let tracing = encoder as? any MemoryTracing else { return nil }
    let pass = ForwardPass.inference()
    let batch = TokenBatch(tokens, timeLength: tokens.count, batchSize: 1)
    let input = pass.gather(batch, from: pass.embeddingTable(of: embedding.weight))  // [T, 1, E]
    return Self.maps(of: tracing, reading: input, pass)
  }

  private static func maps<Tracing: MemoryTracing>(
    of encoder: Tracing, reading input: Tensor, _ pass: ForwardPass
  ) -> [MemoryMap] {
    var state = encoder.initialState(batchSize: 1)
    return encoder.trace(input, state: &state, pass).maps
  }
}
