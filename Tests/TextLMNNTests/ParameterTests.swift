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

  @Test func fixedInitializers() throws {
    #expect(try value(.zeros, [3]) == [0, 0, 0])
    #expect(try value(.constant(0.5), [2]) == [0.5, 0.5])
    #expect(try value(.lstmBias(hiddenSize: 2), [8]) == [0, 0, 1, 1, 0, 0, 0, 0])
  }

  @Test("Moments of random initial values, within five standard errors of 40,000 draws")
  func randomInitializers() throws {
    func moments(_ initializer: Initializer) throws -> (
      mean: Double, variance: Double, largest: Double
    ) {
      let values = try value(initializer, [100, 400]).map(Double.init)
      let mean = values.reduce(0, +) / 40_000
      return (
        mean, values.reduce(0) { $0 + $1 * $1 } / 40_000, values.map(abs).max() ?? 0
      )
    }
    // Five standard errors: 5 / √40,000 times the standard deviation of what is averaged. That of a
    // square is √2 σ² for normal numbers and √(4/45) b² for uniform ones.
    let normal = try moments(.normal(standardDeviation: 2))
    expectWithin(5.0 / 200 * 2, of: 0, normal.mean)
    expectWithin(5.0 / 200 * 2.0.squareRoot() * 4, of: 4, normal.variance)
    let uniform = try moments(.uniform(bound: 0.5))
    expectWithin(5.0 / 200 * 0.5 / 3.0.squareRoot(), of: 0, uniform.mean)
    expectWithin(5.0 / 200 * (4.0 / 45).squareRoot() * 0.25, of: 0.25 / 3, uniform.variance)
    #expect(uniform.largest <= 0.5 && uniform.largest > 0.499)
    let xavier = try moments(.xavierUniform)
    let bound = (6.0 / 500).squareRoot()
    #expect(xavier.largest <= bound && xavier.largest > 0.998 * bound)
  }

  private func expectWithin(_ distance: Double, of expected: Double, _ actual: Double) {
    #expect(abs(actual - expected) < distance)
  }

  @Test("Each orthogonal block times its transpose is 1", arguments: [1, 7, 8, 33])
  func orthogonalBlocks(size: Int) throws {
    let values = try value(.orthogonalBlocks(count: 2), [2 * size, size]).map(Double.init)
    for (left, right) in [(0, 0), (0, size - 1), (size, size), (size, 2 * size - 1)] {
      let product = (0..<size).reduce(0.0) {
        $0 + values[left * size + $1] * values[right * size + $1]
      }
      expectClose(product, left == right ? 1 : 0, tolerance: 1e-6, "rows \(left) and \(right)")
    }
    #expect(Array(values.prefix(size * size)) != Array(values.suffix(size * size)) || size == 1)
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
