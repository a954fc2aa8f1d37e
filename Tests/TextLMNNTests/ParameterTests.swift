import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Parameters, scopes and initial values")
struct ParameterTests {
  private func value(
    _ initializer: Initializer, _ shape: Shape, name: String = "p", seed: UInt64 = 1
  ) throws -> [Float] {
    try ParameterScope(RandomParameters(seed: seed)).parameter(name, shape, initializer).value.array
  }

  @Test("Paths are names joined by dots, in the order of making")
  func paths() throws {
    let root = ParameterScope(RandomParameters(seed: 1))
    _ = try Linear(inputSize: 2, outputSize: 3, in: root["layers"][0])
    _ = try LSTM(inputSize: 2, hiddenSize: 3, in: root["rnn"])
    #expect(
      root.parameters.map(\.path) == [
        "layers.0.weight", "layers.0.bias", "rnn.weight_ih_l0", "rnn.weight_hh_l0",
        "rnn.bias_ih_l0", "rnn.bias_hh_l0",
      ])
    #expect(root["rnn"].parameters.count == 6, "a scope knows the whole tree")
  }

  @Test("A parameter's value depends on the seed and its path only")
  func valuesDependOnPath() throws {
    let alone = try value(.normal(standardDeviation: 1), [4], name: "b")
    let scope = ParameterScope(RandomParameters(seed: 1))
    _ = try scope.parameter("a", [9], .normal(standardDeviation: 1))
    let second = try scope.parameter("b", [4], .normal(standardDeviation: 1)).value.array
    #expect(alone == second)
    #expect(try value(.normal(standardDeviation: 1), [4], name: "c") != alone)
    #expect(try value(.normal(standardDeviation: 1), [4], name: "b", seed: 2) != alone)
  }

  @Test("Stored tensors that do not fit are refused")
  func storedParameters() throws {
    let stored = StoredParameters(["head.bias": Tensor(zeros: [3])])
    #expect(throws: ParameterError.missing(path: "head.weight", shape: [3, 2])) {
      try Linear(inputSize: 2, outputSize: 3, in: ParameterScope(stored)["head"])
    }
    let error = ParameterError.shape(path: "head.bias", expected: [4], found: [3])
    #expect(throws: error) {
      try ParameterScope(stored)["head"].parameter("bias", [4], .zeros)
    }
    #expect(
      error.description == """
        tensor 'head.bias' has shape [3], the model needs [4]; the file was written for other \
        sizes, so load it with the configuration stored in it
        """)
  }

  @Test("Making a parameter twice stops the program and names it")
  func duplicates() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let scope = ParameterScope(RandomParameters(seed: 1))
      _ = try scope["a"].parameter("b", [1], .zeros)
      _ = try scope.parameter("a.b", [1], .zeros)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("parameter 'a.b' is made a second time"))
  }

  @Test("The tree of parameters, with counts")
  func tree() throws {
    let root = ParameterScope(RandomParameters(seed: 1))
    _ = try Linear(inputSize: 2, outputSize: 2, in: root["head"])
    _ = try root["layers"][0].parameter("scale", [10], .zeros)
    #expect(
      ParameterTree(root.parameters).description == """
        model                16
        ├─ head               6
        │  ├─ weight [2, 2]   4
        │  └─ bias [2]        2
        └─ layers            10
           └─ 0              10
              └─ scale [10]  10
        """)
  }
}
