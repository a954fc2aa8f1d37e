/// The last, the mean and the greatest of the outputs of one text that come in windows.
struct WindowPool {
  private var stepCount = 0
  private var last: [Float] = []
  private var sums: [Double] = []
  private var greatest: [Float] = []

  /// Takes the outputs [T, 1, H] of a window with at least one step.
  mutating func add(_ output: Tensor) {
    let (timeLength, width) = (output.shape[0], output.shape[2])
    if stepCount == 0 {
      sums = [Double](repeating: 0, count: width)
      greatest = [Float](repeating: -.infinity, count: width)
    }
    stepCount += timeLength
    let values = output.array
    for step in 0..<timeLength {
      for column in 0..<width {
        let value = values[step * width + column]
        sums[column] += Double(value)
        greatest[column] = Swift.max(greatest[column], value)
      }
    }
    last = Array(values.suffix(width))
  }

  /// What a pooling without attention gives.
  func vector(_ pooling: TextPooling) -> [Float] {
    let mean = sums.map { Float($0 / Double(stepCount)) }
    return switch pooling {
    case .last: last
    case .mean: mean
    case .max: greatest
    case .joined: last + mean + greatest
    case .attention: []
    }
  }
}
