import TextLM
import TextLMTestSupport
import Testing

@Suite("LSTM as an architecture")
struct LSTMArchitectureTests {
  private func architecture(_ written: [(name: String, value: String)]) throws -> LSTMArchitecture {
    LSTMArchitecture(
      try Hyperparameters(
        written: [("layers", "2"), ("hidden_size", "4")] + written,
        known: LSTMArchitecture.hyperparameters, architecture: "lstm"))
  }

  @Test("Normalization adds 10H parameters a layer, and it is counted without building")
  func parameterCount() throws {
    let (plain, normalized) = (try architecture([]), try architecture([("layer_norm", "1")]))
    let scope = ParameterScope(RandomParameters(seed: 1))
    _ = try normalized.makeEncoder(inputSize: 3, in: scope)
    #expect(
      normalized.parameterCount(inputSize: 3)
        == scope.parameters.reduce(0) { $0 + $1.shape.count })
    #expect(normalized.parameterCount(inputSize: 3) == plain.parameterCount(inputSize: 3) + 80)
    #expect(normalized.activationCount(inputSize: 3) > plain.activationCount(inputSize: 3))
  }

  @Test("Zoneout and normalization change what is computed; models without are as they were")
  func functions() throws {
    func output(_ written: [(name: String, value: String)], training: Bool) throws -> [Float] {
      let encoder = try architecture(written).makeEncoder(
        inputSize: 3, in: ParameterScope(RandomParameters(seed: 1)))
      var state = encoder.initialState(batchSize: 2)
      let pass: ForwardPass = training ? .training(random: RandomSource(seed: 1)) : .inference()
      return encoder(fill(1, [5, 2, 3], 1), state: &state, pass).array
    }
    let plain = try output([], training: false)
    #expect(try output([("layer_norm", "0"), ("zoneout_cell", "0")], training: true) == plain)
    for name in ["zoneout_cell", "zoneout_hidden"] {
      let expected = try output([(name, "0.3")], training: false)
      #expect(expected != plain)
      #expect(try output([(name, "0.3")], training: true) != expected)
    }
    #expect(try output([("layer_norm", "1")], training: false) != plain)
    #expect(throws: ArchitectureError.self) { try architecture([("layer_norm", "2")]) }
    #expect(throws: ArchitectureError.self) { try architecture([("zoneout_cell", "1")]) }
  }

  @Test("A model file from before these hyperparameters is one without them")
  func olderFiles() throws {
    let stored = try JSONField(
      JSONValue(parsing: #"{"layers": 2, "hidden_size": 4, "dropout": 0.1}"#), path: "values")
    let values = try Hyperparameters(
      stored: stored, known: LSTMArchitecture.hyperparameters, architecture: "lstm")
    #expect(values.count("layer_norm") == 0)
    #expect(values.rate("zoneout_cell") == 0 && values.rate("zoneout_hidden") == 0)
  }
}
