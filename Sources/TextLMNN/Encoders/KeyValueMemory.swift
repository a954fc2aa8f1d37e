public import TextLMTensors

/// A recurrent network with a key–value memory of what came after its earlier states.
///
/// ```
/// kᵢ = W_k hᵢ;  vᵢ = W_v x[i + 1]                    for the N steps i before the present one
/// q ← W_q h;  q ← R_j (q + Σᵢ softmax(q · kᵢ) vᵢ)    for each hop j
/// y = [h; q]
/// ```
///
/// h being the states of LSTM layers: a learned form of a cache, which remembers what followed a context
/// and looks for contexts like the present one. With one hop and the inputs themselves as values it is
/// the continuous cache.
///
/// Parameters, d being the width of keys: the layers', with PyTorch's names, `key.weight`,
/// `query.weight` [d, H], `value.weight` [d, inputSize] and `hop.j.weight` [d, d].
///
/// References: Alexander Miller et al., "Key-Value Memory Networks for Directly Reading Documents", 2016;
/// Edouard Grave, Armand Joulin and Nicolas Usunier, "Improving Neural Language Models with a
/// Continuous Cache", 2017.
public struct KeyValueMemory: CausalEncoder {
  private let layers: Stacked<LSTM>
  private let keySize: Int
  private let slotCount: Int
  private let key: Linear
  private let query: Linear
  private let value: Linear
  private let hops: [Linear]

  /// New or stored parameters in `scope`: Glorot's weights, and identities for the hops. Requires two
  /// slots at least.
  public init(
    inputSize: Int, hiddenSize: Int, layerCount: Int, keySize: Int, slotCount: Int, hopCount: Int,
    dropoutRate: Float, in scope: ParameterScope
  ) throws {
    layers = try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: dropoutRate
    ) { index, inputSize in
      try LSTM(inputSize: inputSize, hiddenSize: hiddenSize, suffix: "l\(index)", in: scope)
    }
    func matrix(
      _ inputSize: Int, _ scope: ParameterScope, _ initializer: Initializer = .xavierUniform()
    ) throws -> Linear {
      try Linear(
        inputSize: inputSize, outputSize: keySize, hasBias: false, initializer: initializer,
        in: scope)
    }
    self.keySize = keySize
    self.slotCount = slotCount
    key = try matrix(hiddenSize, scope["key"])
    query = try matrix(hiddenSize, scope["query"])
    value = try matrix(inputSize, scope["value"])
    hops = try (0..<hopCount).map { try matrix(keySize, scope["hop"][$0], .identity) }
  }

  /// The bottom layer's.
  public var inputSize: Int { layers.inputSize }
  /// H + d.
  public var outputSize: Int { layers.outputSize + keySize }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> KeyValueMemoryState {
    KeyValueMemoryState(
      position: StreamPosition(batchSize: batchSize),
      layers: layers.initialState(batchSize: batchSize),
      keys: Tensor(zeros: [batchSize, slotCount, keySize]),
      values: Tensor(zeros: [batchSize, slotCount - 1, keySize]))
  }

  /// Runs the layers and asks the memory after each of T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout KeyValueMemoryState, _ pass: ForwardPass
  ) -> Tensor {
    run(input, state: &state, pass, observe: nil)
  }

  private func run(
    _ input: Tensor, state: inout KeyValueMemoryState, _ pass: ForwardPass,
    observe: ((_ weights: Tensor) -> Void)?
  ) -> Tensor {
    let positions = state.position.counts
    let hidden = layers(input, state: &state.layers, pass)  // [T, B, H]
    // Place j of a step sees the key of the step N − j back and the value of the one after it.
    let keys = pass.history(key(hidden, pass), ring: &state.keys, positions: positions)
    let values = pass.history(value(input, pass), ring: &state.values, positions: positions)
    let mask = pass.windowMask(
      timeLength: input.shape[0], count: slotCount, reach: slotCount, positions: positions)
    let asked = Self.read(
      query(hidden, pass), keys: keys, values: values, hops: hops, count: slotCount, mask: mask,
      pass, observe: observe)
    state.position.advance(by: input.shape[0])
    return pass.concatenate(hidden, asked)
  }

  /// The query [T, B, d] after all hops over windows of keys and values; `observe` is shown the weights
  /// of each hop, [T, B, count].
  package static func read(
    _ query: Tensor, keys: Tensor, values: Tensor, hops: [Linear], count: Int, mask: Tensor?,
    _ pass: ForwardPass, observe: ((_ weights: Tensor) -> Void)? = nil
  ) -> Tensor {
    hops.reduce(query) { asked, hop in
      let scores = pass.windowScores(asked, keys: keys, count: count)  // [T, B, N]
      let weights = pass.softmax(scores, adding: mask)
      observe?(weights)
      let read = pass.windowSums(weights, values: values)
      return hop(pass.add(asked, read), pass)
    }
  }
}

extension KeyValueMemory: MemoryTracing {
  /// A map for each time that the memory is asked, `hop 1` and so on, over the steps of `input` whose
  /// keys were looked at.
  public func trace(
    _ input: Tensor, state: inout KeyValueMemoryState, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap]) {
    require(input.shape[1] == 1, "trace: \(input.shape[1]) rows instead of one")
    var maps: [MemoryMap] = []
    let output = run(input, state: &state, pass) { weights in
      maps.append(
        MemoryMap(name: "hop \(maps.count + 1)", window: weights, reach: weights.shape[2]))
    }
    return (output, maps)
  }
}

/// What a network with a key–value memory remembers.
public struct KeyValueMemoryState: EncoderState {
  var position: StreamPosition
  var layers: StackedState<LSTMState>
  /// [B, N, d]
  var keys: Tensor
  /// [B, N − 1, d]
  var values: Tensor

  /// The position, then the layers, keys and values.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> KeyValueMemoryState {
    KeyValueMemoryState(
      position: StreamPosition(tensor: try transform(position.tensor)),
      layers: try layers.mapTensors(transform), keys: try transform(keys),
      values: try transform(values))
  }
}
