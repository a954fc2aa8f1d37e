/// The outputs of one text as they become one vector.
struct VectorPool {
  private let pooling: VectorPooling
  /// Steps of the text, the boundary before it included.
  private let stepCount: Int
  private var sums: [Double] = []

  init(_ pooling: VectorPooling, stepCount: Int) {
    self.pooling = pooling
    self.stepCount = stepCount
  }

  mutating func add(_ values: UnsafeBufferPointer<Float>, step: Int) {
    // The output after the boundary is the same for every text: it counts for the empty one only.
    guard step < stepCount, step > 0 || stepCount == 1 else { return }
    guard !sums.isEmpty, pooling != .last else {
      sums = values.map(Double.init)
      return
    }
    for (index, value) in values.enumerated() {
      sums[index] =
        pooling == .mean ? sums[index] + Double(value) : Swift.max(sums[index], Double(value))
    }
  }

  var vector: [Float] {
    let divisor = pooling == .mean ? Double(Swift.max(1, stepCount - 1)) : 1
    return sums.map { Float($0 / divisor) }
  }
}
