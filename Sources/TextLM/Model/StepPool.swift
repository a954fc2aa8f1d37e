/// The last, the mean and the greatest of the outputs of one text, which come step by step or in windows.
struct StepPool {
  private var stepCount = 0
  private var last: [Float]
  private var sums: [Double]
  private var greatest: [Float]

  /// Of no steps yet. `width`, H, is what all are zeros of as long as there are none.
  init(width: Int = 0) {
    last = [Float](repeating: 0, count: width)
    greatest = last
    sums = [Double](repeating: 0, count: width)
  }

  /// Takes the outputs [H] of a step, as many as of every other.
  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    stepCount += 1
    if stepCount == 1 {
      last = Array(values)
      greatest = last
      sums = last.map(Double.init)
      return
    }
    for (column, value) in values.enumerated() {
      last[column] = value
      sums[column] += Double(value)
      greatest[column] = Swift.max(greatest[column], value)
    }
  }

  /// Takes the outputs [T, 1, H] of a window.
  mutating func add(_ output: Tensor) {
    let (timeLength, width) = (output.shape[0], output.shape[2])
    output.withUnsafeBuffer { values in
      for step in 0..<timeLength {
        add(values.extracting(step * width..<(step + 1) * width))
      }
    }
  }

  /// What a pooling without attention gives.
  func vector(_ pooling: TextPooling) -> [Float] {
    let mean = sums.map { Float($0 / Double(max(stepCount, 1))) }
    return switch pooling {
    case .last: last
    case .mean: mean
    case .max: greatest
    case .joined: last + mean + greatest
    case .attention: []
    }
  }
}
