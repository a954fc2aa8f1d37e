import TextLMTensors

extension ForwardPass {
  /// The last steps before a sequence and those of the sequence: [L + T, B, C] for an input [T, B, C].
  ///
  /// `ring` [B, L, C] holds the steps before, the one at position p at place p mod L; it moves on by T
  /// steps. `positions` are those of each row's first new step.
  func history(_ input: Tensor, ring: inout Tensor, positions: [Int]) -> Tensor {
    let output = ring.history(before: input, positions: positions)
    guard let tape else {
      ring.keepHistory(of: input, positions: positions)
      return output
    }
    // Held while it is written, which makes a copy of it.
    let before = ring
    ring.keepHistory(of: input, positions: positions)
    let length = before.shape[1]
    tape.record(outputs: [output, ring], inputs: [before.id, input.id]) { gradients in
      let fromAbove = gradients[0] ?? Tensor(zeros: output.shape)
      let result = fromAbove.historyGradients(
        ringLength: length, after: gradients[1], positions: positions)
      return [result.ring, result.input]
    }
    return output
  }

  /// A causal dilated convolution over a sequence [T, B, C] whose earlier steps are in `ring`.
  ///
  /// The ring is [B, (k − 1) · dilation, C] for k taps [O, C]; the result is [T, B, O]. A single step
  /// costs its k products only.
  func convolution(
    _ input: Tensor, taps: [Tensor], bias: Tensor?, dilation: Int, ring: inout Tensor,
    positions: [Int]
  ) -> Tensor {
    guard tape == nil, input.shape[0] == 1 else {
      let steps = history(input, ring: &ring, positions: positions)
      return convolution(steps, taps: taps, bias: bias, dilation: dilation)
    }
    let distances = taps.indices.map { (taps.count - 1 - $0) * dilation }
    let steps = ring.history(before: input, positions: positions, distances: distances)
    ring.keepHistory(of: input, positions: positions)
    return convolution(steps, taps: taps, bias: bias, dilation: 1)
  }
}
