/// Vectors [B, D] of sequences [T, B, D] of which the first lengths[b] steps count. Requires lengths of at
/// least 1.
extension ForwardPass {
  /// The output of each row's last step.
  func lastSteps(_ input: Tensor, lengths: [Int]) -> Tensor {
    let (timeLength, batchSize, width) = (input.shape[0], input.shape[1], input.shape[2])
    let places = lengths.enumerated().map { row, length in
      Int32((length - 1) * batchSize + row)
    }
    return gather(
      TokenBatch(places, timeLength: 1, batchSize: batchSize),
      from: input.reshaped(to: [timeLength * batchSize, width])
    ).reshaped(to: [batchSize, width])
  }

  /// y[b] = Σ_t x[t, b] / lengths[b].
  func meanOverTime(_ input: Tensor, lengths: [Int]) -> Tensor {
    let (timeLength, batchSize) = (input.shape[0], input.shape[1])
    var weights = [Float](repeating: 0, count: timeLength * batchSize)
    for (row, length) in lengths.enumerated() {
      for step in 0..<length { weights[step * batchSize + row] = 1 / Float(length) }
    }
    let shares = Tensor(weights, shape: [timeLength, batchSize])
    let output = shares.weightedSums(of: input)
    tape?.record(output: output, inputs: [input]) { [shares.spreading($0)] }
    return output
  }

  /// y[b, d] = max over t of x[t, b, d]; the gradient goes to the first step that has it.
  func maxOverTime(_ input: Tensor, lengths: [Int]) -> Tensor {
    let shape = input.shape
    let (output, places) = input.greatestOverTime(lengths: lengths)
    tape?.record(output: output, inputs: [input]) { gradient in
      [
        Tensor(unsafeUninitialized: shape) { elements in
          elements.update(repeating: 0)
          for (place, value) in zip(places, gradient.array) { elements[place] = value }
        }
      ]
    }
    return output
  }
}
