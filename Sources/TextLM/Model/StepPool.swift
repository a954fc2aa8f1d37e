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
    add(values, width: values.count, stepCount: 1, stride: values.count)
  }

  /// Takes the outputs [T, 1, H] of a window.
  mutating func add(_ output: Tensor) {
    let (timeLength, width) = (output.shape[0], output.shape[2])
    output.withUnsafeBuffer { values in
      add(values, width: width, stepCount: timeLength, stride: width)
    }
  }

  /// Takes the outputs [H] of several steps, each `stride` numbers behind the one before.
  mutating func add(
    _ values: UnsafeBufferPointer<Float>, width: Int, stepCount count: Int, stride: Int
  ) {
    guard count > 0 else { return }
    if stepCount == 0 {
      sums = [Double](repeating: 0, count: width)
      greatest = [Float](repeating: -.infinity, count: width)
    }
    stepCount += count
    let end = (count - 1) * stride
    if last.count != width { last = [Float](repeating: 0, count: width) }
    for column in 0..<width { last[column] = values[end + column] }
    sums.withUnsafeMutableBufferPointer { sums in
      greatest.withUnsafeMutableBufferPointer { greatest in
        for step in 0..<count {
          let values = values.extracting(step * stride..<step * stride + width)
          for column in 0..<width {
            let value = values[column]
            sums[column] += Double(value)
            greatest[column] = value > greatest[column] ? value : greatest[column]
          }
        }
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
