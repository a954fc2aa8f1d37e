public import TextLMTensors

/// A transformer's decoder: blocks of causal self-attention, each step seeing a window of the steps
/// before it.
///
/// With `rotary` positions a step sees itself and the `context` − 1 steps before, wherever in a text
/// it is, and what it is to see of earlier windows is carried; the whole reaches back
/// layers · (context − 1) steps. With `absolute` ones, a learned vector for each place, a text is read
/// in stretches of `context` steps that know nothing of each other, as nanoGPT trains; the first steps
/// of a stretch then see little.
///
/// Parameters have nanoGPT's names: `h.0` and so on for the blocks, `wpe.weight` [context, D] for
/// absolute positions, `ln_f` for the last normalization; and `input.weight` [D, inputSize] where the
/// input is not as wide as the blocks.
///
/// References: Ashish Vaswani et al., "Attention Is All You Need", 2017; Jianlin Su et al., "RoFormer:
/// Enhanced Transformer with Rotary Position Embedding", 2021.
public struct Transformer: CausalEncoder {
  /// How a step's place in the text enters.
  public enum Positions: Sendable {
    /// Queries and keys are turned by angles that grow with the place.
    case rotary
    /// A learned vector for each place of a stretch is added to the input.
    case absolute
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// D, the width of the blocks and of the outputs.
  public let outputSize: Int
  private let headCount: Int
  private let context: Int
  private let dropoutRate: Float
  private let input: Linear?
  private let places: Parameter?
  private let blocks: [TransformerBlock]
  private let finalNorm: LayerNorm

  /// A transformer of new or stored parameters in `scope`.
  ///
  /// Weights are normal with standard deviation 0.02, those of layers that are added to the sum
  /// smaller by √(2 · layers), as in GPT-2. Requires a size that the heads divide.
  public init(
    inputSize: Int, size: Int, layerCount: Int, headCount: Int, context: Int,
    positions: Positions, dropoutRate: Float, in scope: ParameterScope
  ) throws {
    require(
      size.isMultiple(of: headCount), "transformer: \(headCount) heads do not divide \(size)")
    self.inputSize = inputSize
    outputSize = size
    self.headCount = headCount
    self.context = context
    self.dropoutRate = dropoutRate
    input =
      inputSize == size
      ? nil
      : try Linear(
        inputSize: inputSize, outputSize: size, hasBias: false, in: scope["input"])
    places =
      positions == .absolute
      ? try scope["wpe"].parameter("weight", [context, size], .normal(standardDeviation: 0.02))
      : nil
    blocks = try (0..<layerCount).map { index in
      try TransformerBlock(
        size: size, blockCount: layerCount, dropoutRate: dropoutRate, in: scope["h"][index])
    }
    finalNorm = try LayerNorm(size: size, in: scope["ln_f"])
  }

  /// Nothing read yet.
  public func initialState(batchSize: Int) -> TransformerState {
    TransformerState(
      position: StreamPosition(batchSize: batchSize),
      layers: blocks.map { _ in
        AttentionMemory(batchSize: batchSize, context: context, size: outputSize)
      })
  }

  /// Runs all blocks over T steps.
  public func callAsFunction(
    _ input: Tensor, state: inout TransformerState, _ pass: ForwardPass
  ) -> Tensor {
    run(input, state: &state, pass, observe: nil)
  }

  private func run(
    _ input: Tensor, state: inout TransformerState, _ pass: ForwardPass,
    observe: ((_ layer: Int, _ weights: Tensor) -> Void)?
  ) -> Tensor {
    let timeLength = input.shape[0]
    let positions = state.position.counts
    var hidden = self.input.map { $0(input, pass) } ?? input  // [T, B, D]
    if let places {
      let indices = (0..<timeLength).flatMap { step in
        positions.map { Int32(($0 + step) % context) }
      }
      let batch = TokenBatch(indices, timeLength: timeLength, batchSize: positions.count)
      hidden = pass.add(hidden, pass.gather(batch, from: pass.value(of: places)))
    }
    hidden = pass.dropout(hidden, rate: dropoutRate)
    let rotation =
      places == nil
      ? CausalAttention.Rotation(
        timeLength: timeLength, positions: positions, headSize: outputSize / headCount) : nil
    for (index, block) in blocks.enumerated() {
      let isDropping = pass.mode == .training && dropoutRate > 0
      let attention = CausalAttention(
        headCount: headCount, context: context, isBlocked: places != nil, positions: positions,
        rotation: rotation,
        dropout: isDropping ? (rate: dropoutRate, key: pass.random.next()) : nil)
      hidden = block(
        hidden, attention, memory: &state.layers[index], pass,
        observe: observe.map { observe in { observe(index, $0) } })
    }
    state.position.advance(by: timeLength)
    return finalNorm(hidden, pass)
  }
}

extension Transformer: MemoryTracing {
  /// A map for each head of each block, `attention layer 1 head 1` and so on, over the steps of `input`.
  public func trace(
    _ input: Tensor, state: inout TransformerState, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap]) {
    require(input.shape[1] == 1, "trace: \(input.shape[1]) rows instead of one")
    let timeLength = input.shape[0]
    var maps: [MemoryMap] = []
    let output = run(input, state: &state, pass) { layer, weights in  // [1, heads, T, T]
      for head in 0..<weights.shape[1] {
        let map = weights.slice(head..<head + 1, axis: 1).reshaped(to: [timeLength, timeLength])
        maps.append(
          MemoryMap(name: "attention layer \(layer + 1) head \(head + 1)", weights: map))
      }
    }
    return (output, maps)
  }
}

/// What a transformer remembers.
public struct TransformerState: EncoderState {
  var position: StreamPosition
  /// From the first block to the last.
  var layers: [AttentionMemory]

  /// The position, then the blocks' memories.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> TransformerState {
    TransformerState(
      position: StreamPosition(tensor: try transform(position.tensor)),
      layers: try layers.map { try $0.mapTensors(transform) })
  }
}
