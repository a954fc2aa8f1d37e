import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Maps of what attention looks at")
struct AttentionTraceTests {
  private let input = fill(1, [6, 1, 3], 1)

  /// The same output and state as without maps, and rows of weights that add up to one where there is
  /// something to look at and never look ahead.
  private func check<Encoder: MemoryTracing>(
    names: [String], firstStep: Int, includesPresent: Bool,
    _ make: (ParameterScope) throws -> Encoder
  ) throws {
    let scope = ParameterScope(RandomParameters(seed: 2))
    let encoder = try make(scope)
    let (initial, pass) = (encoder.initialState(batchSize: 1), ForwardPass.inference())
    var (plain, traced) = (initial, initial)
    let output = encoder(input, state: &plain, pass)
    let trace = encoder.trace(input, state: &traced, pass)
    expectIdentical(trace.output, output, "output")
    #expect(traced.tensors.map(\.array) == plain.tensors.map(\.array))
    #expect(trace.maps.map(\.name) == names)
    for map in trace.maps {
      #expect(map.weights.shape == [6, 6])
      let weights = map.weights.array
      for step in 0..<6 {
        let row = weights[step * 6..<step * 6 + 6]
        expectClose(
          Double(row.reduce(0, +)), step < firstStep ? 0 : 1, tolerance: 1e-5,
          "\(map.name), step \(step)")
        let ahead = row.dropFirst(includesPresent ? step + 1 : step)
        #expect(ahead.allSatisfy { $0 == 0 }, "\(map.name), step \(step)")
      }
    }
  }

  @Test func transformer() throws {
    let names = (1...2).flatMap { layer in
      (1...2).map { "attention layer \(layer) head \($0)" }
    }
    for positions in [Transformer.Positions.rotary, .absolute] {
      try check(names: names, firstStep: 0, includesPresent: true) {
        try Transformer(
          inputSize: 3, size: 4, layerCount: 2, headCount: 2, context: 4, positions: positions,
          dropoutRate: 0, in: $0)
      }
    }
  }

  @Test func attentionLSTM() throws {
    for isAdditive in [false, true] {
      try check(names: ["attention"], firstStep: 1, includesPresent: false) {
        try AttentionLSTM(
          inputSize: 3, hiddenSize: 4, layerCount: 1, window: 3, isAdditive: isAdditive,
          dropoutRate: 0, in: $0)
      }
    }
  }

  @Test func memories() throws {
    try check(names: ["hop 1", "hop 2"], firstStep: 0, includesPresent: true) {
      try MemoryNetwork(
        inputSize: 3, size: 4, hopCount: 2, slotCount: 3, slotSize: 2, querySize: 2, in: $0)
    }
    try check(names: ["hop 1", "hop 2"], firstStep: 1, includesPresent: false) {
      try KeyValueMemory(
        inputSize: 3, hiddenSize: 4, layerCount: 1, keySize: 2, slotCount: 3, hopCount: 2,
        dropoutRate: 0, in: $0)
    }
  }
}
