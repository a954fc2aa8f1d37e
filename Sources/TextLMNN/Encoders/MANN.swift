public import TextLMTensors

/// A memory-augmented network that writes either where it read last or where it has looked least lately:
/// least-recently-used access.
///
/// ```
/// w_w = σ(α) w_r₋₁ + (1 − σ(α)) w_lu;  M = M₋₁ + Σ w_w k, the least used slot being emptied before
/// w_r = softmax(β cos(k, M));          r = Σ w_r(i) M(i)
/// u = 0.95 u₋₁ + Σ w_r + Σ w_w;        w_lu: 1 at the slot of smallest u₋₁, the second for head 2, ..
/// ```
///
/// with k = tanh(..), the same to compare and to write. β is 1 as in the paper, which leaves reading blurry
/// where there are many slots, or 1 + softplus(..) of a number of its own. Of equally used slots the first
/// counts. A memory begins at 10⁻⁶ everywhere, with all heads at slot 0.
///
/// Parameters: the controller's, and `heads.weight` [P, H] and `heads.bias` [P], P = R (W + 1) for all keys,
/// then all α, and R more for β.
///
/// Reference: Adam Santoro et al., "Meta-Learning with Memory-Augmented Neural Networks", 2016.
public typealias MANN = MemoryAugmented<LRUAAccess>

extension MemoryAugmented where Access == LRUAAccess {
  /// A network with parameters in `scope`. Requires at least one head and as many slots.
  public init(
    inputSize: Int, hiddenSize: Int, controller: MemoryController.Kind = .lstm, slotCount: Int,
    slotSize: Int, headCount: Int = 1, hasStrengths: Bool = false, in scope: ParameterScope
  ) throws {
    require(
      slotSize > 0 && headCount > 0 && slotCount >= headCount,
      "mann: \(slotCount) slots of \(slotSize) for \(headCount) heads")
    let layout = LRUALayout(slotCount: slotCount, slotSize: slotSize, headCount: headCount)
    self.init(
      controller: try MemoryController(
        controller, inputSize: inputSize, hiddenSize: hiddenSize, readSize: headCount * slotSize,
        in: scope),
      access: try LRUAAccess(
        layout, hiddenSize: hiddenSize, hasStrengths: hasStrengths, in: scope["heads"]))
  }
}

/// Heads with least-recently-used access.
public struct LRUAAccess: MemoryAccess {
  private let layout: LRUALayout
  private let hasStrengths: Bool
  private let weight: Parameter
  private let bias: Parameter

  init(
    _ layout: LRUALayout, hiddenSize: Int, hasStrengths: Bool, in scope: ParameterScope
  ) throws {
    self.layout = layout
    self.hasStrengths = hasStrengths
    let size = layout.headCount * (layout.slotSize + (hasStrengths ? 2 : 1))
    weight = try scope.parameter("weight", [size, hiddenSize], .xavierUniform(gain: 0.5))
    bias = try scope.parameter("bias", [size], .zeros)
  }

  /// R · W.
  public var readSize: Int { layout.headCount * layout.slotSize }

  /// 10⁻⁶ everywhere, all heads at slot 0.
  public func initialState(batchSize: Int) -> LRUAState {
    let first = Tensor(
      oneHot: Array(repeating: 0, count: batchSize * layout.headCount), width: layout.slotCount)
    return LRUAState(
      memory: Tensor(repeating: 1e-6, shape: [batchSize, layout.slotSize, layout.slotCount]),
      reading: first.reshaped(to: [batchSize, layout.headCount, layout.slotCount]),
      usage: Tensor(oneHot: Array(repeating: 0, count: batchSize), width: layout.slotCount))
  }

  /// The layer that tells the heads what to do.
  public func interface(_ pass: ForwardPass) -> RepeatedLinear {
    RepeatedLinear(weight: pass.value(of: weight), bias: pass.value(of: bias), pass)
  }

  /// One step of all heads.
  public func step(
    _ hidden: Tensor, state: inout LRUAState, _ interface: RepeatedLinear, _ pass: ForwardPass
  ) -> (reads: Tensor, weightings: [MemoryWeighting]) {
    let (batchSize, heads) = (hidden.shape[0], layout.headCount)
    let sizes = [heads * layout.slotSize, heads] + (hasStrengths ? [heads] : [])
    let parts = pass.split(interface(hidden), sizes, axis: 1)
    let step = pass.lruaStep(
      layout, keys: pass.tanh(parts[0]).reshaped(to: [batchSize, heads, layout.slotSize]),
      gates: parts[1],
      strengths: hasStrengths
        ? pass.add(pass.softplus(parts[2]), 1) : Tensor(repeating: 1, shape: [batchSize, heads]),
      states: [state.memory, state.reading, state.usage])
    state = LRUAState(memory: step.states[0], reading: step.states[1], usage: step.states[2])
    return (
      step.reads,
      [
        MemoryWeighting(name: "read", weights: state.reading),
        MemoryWeighting(name: "write", weights: step.writing),
      ]
    )
  }
}

/// What a memory with least-recently-used access is between steps.
public struct LRUAState: EncoderState {
  /// [B, W, N]: element w of all slots side by side.
  public var memory: Tensor
  /// Where the heads read, [B, R, N].
  public var reading: Tensor
  /// How much each slot was read and written lately, [B, N].
  public var usage: Tensor

  /// Maps memory, read weightings and usage.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> LRUAState {
    try LRUAState(
      memory: transform(memory), reading: transform(reading), usage: transform(usage))
  }
}
