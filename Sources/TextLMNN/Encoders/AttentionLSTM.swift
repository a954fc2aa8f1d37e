public import TextLMTensors

/// Layers of long short-term memory whose top states attend to those before them, as `StateAttention`
/// says.
///
/// The top layer's forget gates begin with a bias of 0 instead of 1: states of a layer that remembers
/// much by itself are so alike that attention does not learn to tell them apart.
///
/// Parameters are those of the layers, with PyTorch's names, and of the attention below `attention`.
public struct AttentionLSTM: CausalEncoder {
  private let layers: Stacked<LSTM>
  private let attention: StateAttention

  /// New or stored parameters in `scope`.
  public init(
    inputSize: Int, hiddenSize: Int, layerCount: Int, window: Int, isAdditive: Bool,
    dropoutRate: Float, in scope: ParameterScope
  ) throws {
    layers = try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: dropoutRate
    ) { index, inputSize in
      try LSTM(
        inputSize: inputSize, hiddenSize: hiddenSize, suffix: "l\(index)",
        forgetBias: index == layerCount - 1 ? 0 : 1, in: scope)
    }
    attention = try StateAttention(
      size: hiddenSize, window: window, isAdditive: isAdditive, in: scope["attention"])
  }

  /// Number of parameters beside those of the layers, without building.
  public static func attentionParameterCount(hiddenSize: Int, isAdditive: Bool) -> Int {
    StateAttention.parameterCount(size: hiddenSize, isAdditive: isAdditive)
  }

  /// The bottom layer's.
  public var inputSize: Int { layers.inputSize }
  /// H.
  public var outputSize: Int { layers.outputSize }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> AttentionLSTMState {
    AttentionLSTMState(
      position: StreamPosition(batchSize: batchSize),
      layers: layers.initialState(batchSize: batchSize),
      attention: attention.initialMemory(batchSize: batchSize))
  }

  /// Runs the layers, then the attention, over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout AttentionLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let hidden = layers(input, state: &state.layers, pass)
    return attend(hidden, state: &state, pass)
  }

  /// The same, with the bottom layer reading tokens in its own way where no row begins anew.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout AttentionLSTMState, _ pass: ForwardPass
  ) -> Tensor {
    guard tokens.restarts == .none else {
      return self(
        pass.gather(tokens, from: table), restarts: tokens.restarts, state: &state, pass)
    }
    let hidden = layers(tokens: tokens, table: table, state: &state.layers, pass)
    return attend(hidden, state: &state, pass)
  }

  private func attend(
    _ hidden: Tensor, state: inout AttentionLSTMState, _ pass: ForwardPass,
    observe: ((Tensor) -> Void)? = nil
  ) -> Tensor {
    defer { state.position.advance(by: hidden.shape[0]) }
    return attention(
      hidden, memory: &state.attention, positions: state.position.counts, pass, observe: observe)
  }
}

extension AttentionLSTM: MemoryTracing {
  /// A map `attention` over the steps of `input`.
  public func trace(
    _ input: Tensor, state: inout AttentionLSTMState, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap]) {
    require(input.shape[1] == 1, "trace: \(input.shape[1]) rows instead of one")
    var maps: [MemoryMap] = []
    let hidden = layers(input, state: &state.layers, pass)
    let output = attend(hidden, state: &state, pass) { weights in
      maps.append(MemoryMap(name: "attention", window: weights, reach: weights.shape[2]))
    }
    return (output, maps)
  }
}

/// What an LSTM with attention remembers.
public struct AttentionLSTMState: EncoderState {
  var position: StreamPosition
  var layers: StackedState<LSTMState>
  var attention: StateAttentionMemory

  /// The position, then the layers, then what attention sees.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> AttentionLSTMState {
    AttentionLSTMState(
      position: StreamPosition(tensor: try transform(position.tensor)),
      layers: try layers.mapTensors(transform), attention: try attention.mapTensors(transform))
  }
}
