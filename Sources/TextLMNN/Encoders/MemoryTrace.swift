public import TextLMTensors

/// Where an encoder looked while it read: how much of its attention each place got at each step.
public struct MemoryMap: Sendable {
  /// What looked, as in `read 1`, `write` or `attention layer 1 head 2`.
  public let name: String
  /// [T, N]: at step t, the part of the weight that went to place n.
  public let weights: Tensor

  /// A map of that name. Requires weights [T, N].
  public init(name: String, weights: Tensor) {
    require(weights.shape.rank == 2, "memory map: weights \(weights.shape) are not [steps, slots]")
    self.name = name
    self.weights = weights
  }
}

extension MemoryMap {
  /// A map over the steps read, [T, T], of what a window of `reach` steps and perhaps the present one
  /// was weighted with, [T, 1, count]: place j of step t is step t − reach + j.
  init(name: String, window weights: Tensor, reach: Int) {
    let (timeLength, count) = (weights.shape[0], weights.shape[2])
    let values = weights.array
    var map = [Float](repeating: 0, count: timeLength * timeLength)
    for step in 0..<timeLength {
      for place in 0..<count where step - reach + place >= 0 {
        map[step * timeLength + step - reach + place] = values[step * count + place]
      }
    }
    self.init(name: name, weights: Tensor(map, shape: [timeLength, timeLength]))
  }
}

/// An encoder that can show where it looks: one with a memory, or with attention.
public protocol MemoryTracing: CausalEncoder {
  /// Encodes the next T steps of one sequence, [T, 1, D], as in any inference pass, and tells where
  /// each reader and writer looked at each of them, always in the same order.
  ///
  /// Requires a batch of one.
  func trace(
    _ input: Tensor, state: inout State, _ pass: ForwardPass
  ) -> (output: Tensor, maps: [MemoryMap])
}
