import TextLMTensors

/// The pools of texts that are read side by side, some steps at a time.
struct BatchPool {
  private struct Row: Sendable {
    let place: Int
    /// Steps of the text.
    let length: Int
    var pool = StepPool()
  }

  private var rows: [Row]
  /// Steps so far.
  private var stepCount = 0

  /// Of texts of so many steps.
  init(lengths: [Int]) {
    rows = lengths.enumerated().map { Row(place: $0, length: $1) }
  }

  /// Takes the outputs [T, B, H] of the next steps; what is behind the end of a text counts for nothing.
  mutating func add(_ output: Tensor) {
    let (timeLength, batchSize, width) = (output.shape[0], output.shape[1], output.shape[2])
    let first = stepCount
    output.withUnsafeBuffer { values in
      rows.updateUncheckedOnThreads(fromCount: 2) { row in
        row.pool.add(
          values.extracting(row.place * width..<values.count), width: width,
          stepCount: min(max(row.length - first, 0), timeLength), stride: batchSize * width)
      }
    }
    stepCount += timeLength
  }

  /// What a pooling without attention gives of each text.
  func vectors(_ pooling: TextPooling) -> [[Float]] { rows.map { $0.pool.vector(pooling) } }
}
