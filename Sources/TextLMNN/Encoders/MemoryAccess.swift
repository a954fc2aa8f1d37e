public import TextLMTensors

/// A memory's heads: what a controller says to them at a step, and what they find and change.
public protocol MemoryAccess: Sendable {
  /// The memory and where heads looked last.
  associatedtype State: EncoderState
  /// Width of what all read heads find together.
  var readSize: Int { get }
  /// The memory before the first step of `batchSize` sequences.
  func initialState(batchSize: Int) -> State
  /// The layer by which the controller's output says what to do, for one run in a pass.
  func interface(_ pass: ForwardPass) -> RepeatedLinear
  /// One step from the controller's output [B, H]: what was found, [B, readSize], and where heads
  /// looked.
  func step(
    _ hidden: Tensor, state: inout State, _ interface: RepeatedLinear, _ pass: ForwardPass
  ) -> (reads: Tensor, weightings: [MemoryWeighting])
}

/// Where some heads of one kind looked at one step.
public struct MemoryWeighting {
  /// What the heads are called: `read`, `write`.
  let name: String
  private let weights: Tensor
  private let heads: Range<Int>
  private let areLogarithms: Bool

  /// The parts of the heads' weight, [B, heads, N].
  init(name: String, weights: Tensor) {
    (self.name, self.weights, heads) = (name, weights, 0..<weights.shape[1])
    areLogarithms = false
  }

  /// Some heads of which the logarithms of all are known, [B, all heads, N].
  init(name: String, logits: Tensor, heads: Range<Int>) {
    (self.name, weights, self.heads) = (name, logits, heads)
    areLogarithms = true
  }

  /// How many heads these are.
  var headCount: Int { heads.count }

  /// The weights of the first row of the batch, one list a head.
  var ofFirstRow: [[Float]] {
    let slots = weights.shape[2]
    let values = (areLogarithms ? weights.exponential() : weights).array
    return heads.map { Array(values[$0 * slots..<($0 + 1) * slots]) }
  }
}
