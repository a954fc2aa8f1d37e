extension Tensor {
  /// y[b, d] = max over t of self[t, b, d], of the first lengths[b] steps of each row: [T, B, D] becomes
  /// [B, D]; and where each value is among the elements of self, at the first step that has it.
  package func greatestOverTime(lengths: [Int]) -> (values: Tensor, places: [Int]) {
    let (time, batch, width) = (shape[0], shape[1], shape[2])
    require(
      lengths.count == batch && lengths.allSatisfy { 1 <= $0 && $0 <= time },
      "greatest over time: lengths \(lengths) do not fit \(shape)")
    var rows = lengths.enumerated().map { GreatestSteps(row: $0, length: $1, width: width) }
    withUnsafeBuffer { elements in
      rows.updateUncheckedOnThreads(fromCount: 2) { $0.find(in: elements, batchSize: batch) }
    }
    return (
      Tensor(rows.flatMap(\.values), shape: [batch, width]),
      rows.flatMap { $0.places(batchSize: batch) }
    )
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
