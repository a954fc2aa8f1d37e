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
    let (batchSize, width) = (shape[1], shape[2])
    var rows = lengths.enumerated().map { GreatestSteps(row: $0, length: $1, width: width) }
    input.withUnsafeBuffer { values in
      rows.updateUncheckedOnThreads(fromCount: 2) { $0.find(in: values, batchSize: batchSize) }
    }
    let output = Tensor(rows.flatMap(\.values), shape: [batchSize, width])
    let places = rows.flatMap { $0.places(batchSize: batchSize) }
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

/// The greatest value of each component of one row of a sequence, and the step that had it first.
private struct GreatestSteps: Sendable {
  let row: Int
  let length: Int
  private(set) var values: [Float]
  private var steps: [Int32]

  init(row: Int, length: Int, width: Int) {
    self.row = row
    self.length = length
    values = [Float](repeating: -.infinity, count: width)
    steps = [Int32](repeating: 0, count: width)
  }

  /// Looks through a sequence [T, B, D].
  mutating func find(in sequence: UnsafeBufferPointer<Float>, batchSize: Int) {
    values.withUnsafeMutableBufferPointer { values in
      steps.withUnsafeMutableBufferPointer { steps in
        let width = values.count
        for step in 0..<length {
          let start = (step * batchSize + row) * width
          let elements = sequence.extracting(start..<start + width)
          // Chosen without branches, so that several components are compared at once.
          for column in 0..<width {
            let isGreater = elements[column] > values[column]
            values[column] = isGreater ? elements[column] : values[column]
            steps[column] = isGreater ? Int32(truncatingIfNeeded: step) : steps[column]
          }
        }
      }
    }
  }

  /// Where in the sequence the values are.
  func places(batchSize: Int) -> [Int] {
    steps.enumerated().map { column, step in
      (Int(step) * batchSize + row) * values.count + column
    }
  }
}
