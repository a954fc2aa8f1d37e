public import TextLMTensors

/// A neural Turing machine: heads that find slots by content, and move on from where they were.
///
/// ```
/// w_c = softmax(β cos(k, M₋₁));  w_g = g w_c + (1 − g) w₋₁
/// w~(i) = Σⱼ s(j) w_g(i − j);    w = w~^γ / Σ w~^γ
/// r = Σ w_r(i) M₋₁(i);           M = M₋₁ Π (1 − w_w e) + Σ w_w a
/// ```
///
/// All heads address the memory before the step, and reads come before writes; all erasing comes before
/// all adding, so the order of write heads does not matter. The heads' numbers are limited to ±20 before
/// their functions. A memory begins at 10⁻⁶ everywhere, with all heads at slot 0.
///
/// Parameters: the controller's, and `heads.weight` [P, H] and `heads.bias` [P] for all heads together.
///
/// References: Alex Graves, Greg Wayne and Ivo Danihelka, "Neural Turing Machines", 2014; Mark Collier and
/// Joeran Beel, "Implementing Neural Turing Machines", 2018, for the first values.
public typealias NTM = MemoryAugmented<NTMAccess>

extension MemoryAugmented where Access == NTMAccess {
  /// A machine with parameters in `scope`. Requires at least one slot, one read head and one write
  /// head.
  public init(
    inputSize: Int, hiddenSize: Int, controller: MemoryController.Kind = .lstm, slotCount: Int,
    slotSize: Int, readHeadCount: Int = 1, writeHeadCount: Int = 1, shiftRange: Int = 1,
    in scope: ParameterScope
  ) throws {
    require(
      slotCount > 0 && slotSize > 0 && readHeadCount > 0 && writeHeadCount > 0 && shiftRange >= 0,
      """
      ntm: \(slotCount) slots of \(slotSize), \(readHeadCount) read and \(writeHeadCount) write heads
      """)
    let layout = NTMLayout(
      slotCount: slotCount, slotSize: slotSize, readHeadCount: readHeadCount,
      writeHeadCount: writeHeadCount, shiftCount: 2 * shiftRange + 1)
    self.init(
      controller: try MemoryController(
        controller, inputSize: inputSize, hiddenSize: hiddenSize,
        readSize: readHeadCount * slotSize, in: scope),
      access: try NTMAccess(layout, hiddenSize: hiddenSize, in: scope["heads"]))
  }
}

/// The heads of a neural Turing machine.
public struct NTMAccess: MemoryAccess {
  private let layout: NTMLayout
  private let weight: Parameter
  private let bias: Parameter

  init(_ layout: NTMLayout, hiddenSize: Int, in scope: ParameterScope) throws {
    self.layout = layout
    weight = try scope.parameter("weight", [layout.interfaceSize, hiddenSize], .xavierUniform())
    bias = try scope.parameter("bias", [layout.interfaceSize], .zeros)
  }

  /// R · W.
  public var readSize: Int { layout.readHeadCount * layout.slotSize }

  /// 10⁻⁶ everywhere, all heads at slot 0.
  public func initialState(batchSize: Int) -> NTMState {
    // softmax gives all other slots 2 · 10⁻⁹ of what slot 0 gets.
    let row = [0] + Array(repeating: Float(-20), count: layout.slotCount - 1)
    return NTMState(
      logits: Tensor(
        Array(repeating: row, count: batchSize * layout.headCount).flatMap(\.self),
        shape: [batchSize, layout.headCount, layout.slotCount]),
      memory: Tensor(repeating: 1e-6, shape: [batchSize, layout.slotSize, layout.slotCount]))
  }

  /// The layer that tells the heads what to do.
  public func interface(_ pass: ForwardPass) -> RepeatedLinear {
    RepeatedLinear(weight: pass.value(of: weight), bias: pass.value(of: bias), pass)
  }

  /// One step of all heads.
  public func step(
    _ hidden: Tensor, state: inout NTMState, _ interface: RepeatedLinear, _ pass: ForwardPass
  ) -> (reads: Tensor, weightings: [MemoryWeighting]) {
    let step = pass.ntmStep(
      layout, interface: interface(hidden), logits: state.logits, memory: state.memory)
    state = NTMState(logits: step.logits, memory: step.memory)
    let heads = layout.readHeadCount
    return (
      step.reads,
      [
        MemoryWeighting(
          name: "read", logits: step.logits, heads: 0..<heads),
        MemoryWeighting(name: "write", logits: step.logits, heads: heads..<layout.headCount),
      ]
    )
  }
}

/// What a neural Turing machine's memory is between steps.
public struct NTMState: EncoderState {
  /// The logarithms of the heads' weightings up to a constant, [B, heads, N], read heads first.
  public var logits: Tensor
  /// [B, W, N]: element w of all slots side by side.
  public var memory: Tensor

  /// Maps weightings, then memory.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> NTMState {
    try NTMState(logits: transform(logits), memory: transform(memory))
  }
}
