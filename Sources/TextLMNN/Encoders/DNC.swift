public import TextLMTensors

/// A differentiable neural computer: slots are given out while they are free, and heads also follow the
/// order in which slots were written.
///
/// ```
/// ψ = Π (1 − f w_r₋₁);  u = (u₋₁ + w_w₋₁ − u₋₁ w_w₋₁) ψ;  a = allocation(u)
/// w_w = g_w (g_a a + (1 − g_a) C(M₋₁, k_w, β_w));  M = M₋₁ (1 − w_w e) + w_w v
/// L = (1 − w_w(i) − w_w(j)) L₋₁ + w_w(i) p₋₁(j), 0 where i = j;  p = (1 − Σ w_w) p₋₁ + w_w
/// w_r = π₁ Lᵀ w_r₋₁ + π₂ C(M, k_r, β_r) + π₃ L w_r₋₁;  r = Σ w_r(i) M(i)
/// ```
///
/// C is softmax(β cos) and β = 1 + softplus. Reads are of the memory after the write. The order of slots by
/// usage counts as constant; of slots used alike the first comes first while they are empty, else the last,
/// which has got less than float32 tells. Everything begins at zero.
///
/// Parameters: the controller's, and `heads.weight` [P, H] and `heads.bias` [P], P = W R + 3W + 5R + 3, in the
/// order of the paper. Work a step: N² + N W R.
///
/// Reference: Alex Graves et al., "Hybrid computing using a neural network with dynamic external memory",
/// 2016.
public typealias DNC = MemoryAugmented<DNCAccess>

extension MemoryAugmented where Access == DNCAccess {
  /// A computer with parameters in `scope`. Requires at least one slot and one read head.
  ///
  /// With `stopsUsageGradient` no gradient goes from the usage to the write weighting before it, as in
  /// the authors' published code; the paper's equations have it.
  public init(
    inputSize: Int, hiddenSize: Int, controller: MemoryController.Kind = .lstm, slotCount: Int,
    slotSize: Int, readHeadCount: Int = 1, stopsUsageGradient: Bool = false,
    in scope: ParameterScope
  ) throws {
    require(
      slotCount > 0 && slotSize > 0 && readHeadCount > 0,
      "dnc: \(slotCount) slots of \(slotSize), \(readHeadCount) read heads")
    let layout = DNCLayout(
      slotCount: slotCount, slotSize: slotSize, readHeadCount: readHeadCount,
      stopsUsageGradient: stopsUsageGradient)
    self.init(
      controller: try MemoryController(
        controller, inputSize: inputSize, hiddenSize: hiddenSize,
        readSize: readHeadCount * slotSize, in: scope),
      access: try DNCAccess(layout, hiddenSize: hiddenSize, in: scope["heads"]))
  }
}

/// The heads of a differentiable neural computer.
public struct DNCAccess: MemoryAccess {
  private let layout: DNCLayout
  private let weight: Parameter
  private let bias: Parameter

  init(_ layout: DNCLayout, hiddenSize: Int, in scope: ParameterScope) throws {
    self.layout = layout
    weight = try scope.parameter("weight", [layout.interfaceSize, hiddenSize], .xavierUniform())
    bias = try scope.parameter("bias", [layout.interfaceSize], .zeros)
  }

  /// R · W.
  public var readSize: Int { layout.readHeadCount * layout.slotSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> DNCState {
    DNCState(layout.stateShapes(batchSize: batchSize).map { Tensor(zeros: $0) })
  }

  /// The layer that tells the heads what to do.
  public func interface(_ pass: ForwardPass) -> RepeatedLinear {
    RepeatedLinear(weight: pass.value(of: weight), bias: pass.value(of: bias), pass)
  }

  /// One step of all heads.
  public func step(
    _ hidden: Tensor, state: inout DNCState, _ interface: RepeatedLinear, _ pass: ForwardPass
  ) -> (reads: Tensor, weightings: [MemoryWeighting]) {
    let step = pass.dncStep(layout, interface: interface(hidden), states: state.parts)
    state = DNCState(step.states)
    let writing = state.writing.reshaped(to: [hidden.shape[0], 1, layout.slotCount])
    return (
      step.reads,
      [
        MemoryWeighting(name: "read", weights: state.reading),
        MemoryWeighting(name: "write", weights: writing),
      ]
    )
  }
}

/// What a differentiable neural computer's memory is between steps.
public struct DNCState: EncoderState {
  /// In the order of `DNCLayout.stateShapes`.
  let parts: [Tensor]

  init(_ parts: [Tensor]) {
    self.parts = parts
  }

  /// [B, W, N]: element w of all slots side by side.
  public var memory: Tensor { parts[0] }
  /// How far each slot is in use, [B, N].
  public var usage: Tensor { parts[1] }
  /// Where the read heads look, [B, R, N].
  public var reading: Tensor { parts[4] }
  /// Where the write head looks, [B, N].
  public var writing: Tensor { parts[5] }

  /// Maps memory, usage, precedence, links, read weightings and write weighting.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> DNCState {
    DNCState(try parts.map(transform))
  }
}
