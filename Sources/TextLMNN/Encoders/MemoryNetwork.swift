public import TextLMTensors

/// An end-to-end memory network as a language model: a query asks the last S steps several times over.
///
/// ```
/// mᵢ = A * x[i] + T_A[i];  cᵢ = C * x[i] + T_C[i]          i = 1 .. S, S being the present
/// p = softmax(mᵢ · u);  u ← f(H u + Σᵢ pᵢ cᵢ)              `hops` times
/// ```
///
/// where * is a causal convolution of `slotSize` taps, 1 of which is the paper's; f leaves the first half
/// of the units and takes ReLU of the rest. The first u is 0.1 everywhere, as in the paper, or a
/// convolution of the last `querySize` steps.
///
/// Parameters, d being the width: `memory` (A), `content` (C) and `query` as convolutions, `T_A` and
/// `T_C` [S, d], `hop.weight` (H) [d, d].
///
/// Reference: Sainbayar Sukhbaatar et al., "End-To-End Memory Networks", 2015.
public struct MemoryNetwork: CausalEncoder {
  /// Width of the inputs.
  public let inputSize: Int
  /// d, the width of slots, queries and outputs.
  public let outputSize: Int
  private let hopCount: Int
  private let slotCount: Int
  private let memory: CausalConvolution
  private let content: CausalConvolution
  private let query: CausalConvolution?
  private let memoryTimes: Parameter
  private let contentTimes: Parameter
  private let hop: Linear

  /// New or stored parameters in `scope`; weights are normal with standard deviation 0.05. Requires two
  /// slots at least.
  public init(
    inputSize: Int, size: Int, hopCount: Int, slotCount: Int, slotSize: Int, querySize: Int,
    in scope: ParameterScope
  ) throws {
    let usual = Initializer.normal(standardDeviation: 0.05)
    func convolution(_ name: String, _ kernelSize: Int) throws -> CausalConvolution {
      try CausalConvolution(
        inputSize: inputSize, outputSize: size, kernelSize: kernelSize, dilation: 1,
        initializer: usual, in: scope[name])
    }
    self.inputSize = inputSize
    outputSize = size
    self.hopCount = hopCount
    self.slotCount = slotCount
    memory = try convolution("memory", slotSize)
    content = try convolution("content", slotSize)
    query = querySize == 0 ? nil : try convolution("query", querySize)
    memoryTimes = try scope.parameter("T_A", [slotCount, size], usual)
    contentTimes = try scope.parameter("T_C", [slotCount, size], usual)
    hop = try Linear(
      inputSize: size, outputSize: size, hasBias: false, initializer: usual, in: scope["hop"])
  }

  /// Number of parameters, without building.
  public static func parameterCount(
    inputSize: Int, size: Int, slotCount: Int, slotSize: Int, querySize: Int
  ) -> Int {
    let kernels = [slotSize, slotSize] + (querySize == 0 ? [] : [querySize])
    return kernels.reduce(2 * slotCount * size + size * size) {
      $0
        + CausalConvolution.parameterCount(
          inputSize: inputSize, outputSize: size, kernelSize: $1)
    }
  }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> MemoryNetworkState {
    let slots = Tensor(zeros: [batchSize, slotCount - 1, outputSize])
    return MemoryNetworkState(
      inputs: ConvolutionState(
        batchSize: batchSize, convolutions: [memory, content] + (query.map { [$0] } ?? [])),
      memory: slots, content: slots)
  }

  /// Answers after each of T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout MemoryNetworkState, _ pass: ForwardPass
  ) -> Tensor {
    run(input, state: &state, pass, observe: nil)
  }

  private func run(
    _ input: Tensor, state: inout MemoryNetworkState, _ pass: ForwardPass,
    observe: ((_ weights: Tensor) -> Void)?
  ) -> Tensor {
    let (timeLength, positions) = (input.shape[0], state.inputs.position.counts)
    let memories = pass.history(
      memory(input, ring: &state.inputs.rings[0], positions: positions, pass),
      ring: &state.memory, positions: positions)  // [S − 1 + T, B, d]
    let contents = pass.history(
      content(input, ring: &state.inputs.rings[1], positions: positions, pass),
      ring: &state.content, positions: positions)
    var asked =
      query?(input, ring: &state.inputs.rings[2], positions: positions, pass)
      ?? Tensor(repeating: 0.1, shape: [timeLength, positions.count, outputSize])
    let mask = pass.windowMask(
      timeLength: timeLength, count: slotCount, reach: slotCount - 1, positions: positions)
    let (memoryTimes, contentTimes) = (pass.value(of: memoryTimes), pass.value(of: contentTimes))
    for _ in 0..<hopCount {
      let scores = pass.add(
        pass.windowScores(asked, keys: memories, count: slotCount),
        pass.linear(asked, weight: memoryTimes))  // [T, B, S]
      let weights = pass.softmax(scores, adding: mask)
      observe?(weights)
      let read = pass.add(
        pass.windowSums(weights, values: contents), pass.matmul(weights, contentTimes))
      let next = pass.add(hop(asked, pass), read)  // [T, B, d]
      let halves = pass.split(next, [outputSize / 2, outputSize - outputSize / 2], axis: 2)
      asked = pass.concatenate(halves[0], pass.relu(halves[1]))
    }
    state.inputs.position.advance(by: timeLength)
    return asked
  }
}

extension MemoryNetwork: MemoryTracing {
  /// A map for each time that the memory is asked, `hop 1` and so on, over the steps of `input`.
  public func trace(
    _ input: Tensor, state: inout MemoryNetworkState, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap]) {
    require(input.shape[1] == 1, "trace: \(input.shape[1]) rows instead of one")
    var maps: [MemoryMap] = []
    let output = run(input, state: &state, pass) { weights in
      maps.append(
        MemoryMap(name: "hop \(maps.count + 1)", window: weights, reach: weights.shape[2] - 1))
    }
    return (output, maps)
  }
}

/// What a memory network remembers.
public struct MemoryNetworkState: EncoderState {
  var inputs: ConvolutionState
  /// mᵢ of the last steps without T_A, [B, S − 1, d].
  var memory: Tensor
  /// cᵢ without T_C, [B, S − 1, d].
  var content: Tensor

  /// The inputs' state, memory and content.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> MemoryNetworkState {
    MemoryNetworkState(
      inputs: try inputs.mapTensors(transform), memory: try transform(memory),
      content: try transform(content))
  }
}
