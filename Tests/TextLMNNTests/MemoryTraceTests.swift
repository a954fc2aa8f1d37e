import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Where encoders with a memory look")
struct MemoryTraceTests {
  private let input = fill(1, [6, 1, 3], 1)
  private let scope = ParameterScope(RandomParameters(seed: 1))

  /// Checks the maps' names and shapes, that tracing computes the same, and returns each row's sum.
  private func sums(_ encoder: some MemoryTracing, names: [String], slots: Int) -> [[Double]] {
    var (traced, plain) = (encoder.initialState(batchSize: 1), encoder.initialState(batchSize: 1))
    let trace = encoder.trace(input, state: &traced, .inference())
    expectIdentical(trace.output, encoder(input, state: &plain, .inference()), "output")
    #expect(trace.maps.map(\.name) == names)
    return trace.maps.map { map in
      #expect(map.weights.shape == [6, slots])
      return (0..<6).map { map.weights[rows: $0..<$0 + 1].sum }
    }
  }

  @Test func ntm() throws {
    let encoder = try NTM(
      inputSize: 3, hiddenSize: 4, slotCount: 5, slotSize: 2, readHeadCount: 2, in: scope)
    for row in sums(encoder, names: ["read 1", "read 2", "write"], slots: 5) {
      expectClose(row, Array(repeating: 1, count: 6), tolerance: 1e-5, "weights add up to 1")
    }
  }

  @Test func dnc() throws {
    let encoder = try DNC(
      inputSize: 3, hiddenSize: 4, controller: .feedForward, slotCount: 5, slotSize: 2, in: scope)
    for row in sums(encoder, names: ["read", "write"], slots: 5) {
      #expect(row.allSatisfy { $0 > 0 && $0 < 1.00001 })
    }
  }

  @Test func mann() throws {
    let encoder = try MANN(
      inputSize: 3, hiddenSize: 4, slotCount: 5, slotSize: 2, headCount: 2, hasStrengths: true,
      in: scope)
    for row in sums(encoder, names: ["read 1", "read 2", "write 1", "write 2"], slots: 5) {
      expectClose(row, Array(repeating: 1, count: 6), tolerance: 1e-5, "weights add up to 1")
    }
  }

  @Test(
    "Encoders with either controller keep their laws", arguments: MemoryController.Kind.allCases)
  func laws(kind: MemoryController.Kind) throws {
    // Weightings over five slots bend more sharply than those over two.
    try checkCausalEncoderLaws(differenceStep: 1 / 128) {
      try NTM(
        inputSize: 3, hiddenSize: 4, controller: kind, slotCount: 5, slotSize: 3,
        readHeadCount: 2, in: $0)
    }
  }
}
