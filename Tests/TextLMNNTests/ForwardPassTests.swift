import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Forward passes")
struct ForwardPassTests {
  private func makeParameter(_ value: Tensor) throws -> Parameter {
    try ParameterScope(StoredParameters(["p": value])).parameter("p", value.shape, .zeros)
  }

  @Test("A pass sees the values parameters had when it first asked")
  func snapshot() throws {
    let parameter = try makeParameter(Tensor(1))
    let pass = ForwardPass.inference()
    #expect(pass.value(of: parameter).item == 1)
    parameter.value = Tensor(2)
    #expect(pass.value(of: parameter).item == 1)
    #expect(ForwardPass.inference().value(of: parameter).item == 2)
  }

  @Test("An inference pass keeps what it derived from the weights")
  func derivedWeights() throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let lstm = try LSTM(inputSize: 3, hiddenSize: 4, in: scope)
    let pass = ForwardPass.inference()
    let (tokens, table) = (TokenBatch([1], timeLength: 1, batchSize: 1), fill(1, [2, 3]))
    func output(_ pass: ForwardPass) -> [Float] {
      var state = lstm.initialState(batchSize: 1)
      return lstm(tokens: tokens, table: table, state: &state, pass).array
    }
    let before = output(pass)
    for parameter in scope.parameters { parameter.value = fill(3, parameter.shape) }
    #expect(output(pass) == before)
    #expect(output(.inference()) != before)
  }

  @Test("d(p² + 3p)/dp = 2p + 3, used in two places")
  func gradientOfParameter() throws {
    let parameter = try makeParameter(Tensor(5))
    let other = try makeParameter(Tensor(5))
    let (value, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      let p = pass.value(of: parameter)
      return pass.add(pass.multiply(p, p), pass.multiply(Tensor(3), p))
    }
    #expect(value == 40)
    #expect(gradients[parameter]?.item == 13)
    #expect(gradients[other] == nil)
    #expect(gradients.globalNorm == 13 && gradients.isFinite)
  }

  @Test("Two parameters that start from one tensor have gradients of their own")
  func sharedInitialTensor() throws {
    let tensor = Tensor(2)
    let (a, b) = (try makeParameter(tensor), try makeParameter(tensor))
    let (_, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      pass.add(pass.value(of: a), pass.multiply(Tensor(7), pass.value(of: b)))
    }
    #expect(gradients[a]?.item == 1)
    #expect(gradients[b]?.item == 7)
  }

  @Test("A gradient that is not a number is noticed", arguments: [Float.nan, .infinity])
  func notFinite(factor: Float) throws {
    let parameter = try makeParameter(Tensor(2))
    let (_, gradients) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      pass.multiply(pass.value(of: parameter), Tensor(factor))
    }
    #expect(!gradients.isFinite)
  }

  @Test("The same random source gives the same masks")
  func dropoutMasks() throws {
    func masked(seed: UInt64) -> [Float] {
      ForwardPass.training(random: RandomSource(seed: seed))
        .dropout(fill(1, [50]), rate: 0.5).array
    }
    #expect(masked(seed: 1) == masked(seed: 1))
    #expect(masked(seed: 1) != masked(seed: 2))
  }

  @Test("bfloat16 products are float32 products of rounded operands")
  func precision() throws {
    // 1 + 2⁻⁹ rounds to 1 in bfloat16, which has 8 bits; 3 is kept.
    let (x, weight) = (Tensor([1 + 0x1p-9], shape: [1, 1]), Tensor([3], shape: [1, 1]))
    #expect(
      ForwardPass.inference(precision: .float32).linear(x, weight: weight).item == 3 + 3 * 0x1p-9)
    #expect(ForwardPass.inference(precision: .bfloat16).linear(x, weight: weight).item == 3)
  }

  @Test(
    "An LSTM in a narrow format is one in float32 to the format's digits",
    arguments: [(ComputePrecision.bfloat16, 2e-2), (.int16, 2e-3)])
  func lstmPrecision(narrow: ComputePrecision, tolerance: Double) throws {
    let scope = ParameterScope(RandomParameters(seed: 1))
    let lstm = try LSTM(inputSize: 16, hiddenSize: 32, in: scope)
    func output(_ precision: ComputePrecision) -> Tensor {
      var state = lstm.initialState(batchSize: 4)
      return lstm(fill(1, [10, 4, 16], 1), state: &state, .inference(precision: precision))
    }
    expectClose(output(narrow), output(.float32), tolerance: tolerance, "outputs")
    #expect(output(narrow).array != output(.float32).array)
  }
}
