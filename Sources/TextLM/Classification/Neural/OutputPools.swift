import TextLMTensors

/// The mean and the greatest of each output of an encoder over the steps of several texts, which come in
/// stretches.
struct OutputPools {
  private let width: Int
  private var counts: [Int]
  private var sums: [Float]
  /// The greatest of each output, [B, H]; 0 for a text of no steps.
  private(set) var maxima: [Float]

  /// Pools of `rowCount` texts, B, of outputs of `width`, H.
  init(rowCount: Int, width: Int) {
    self.width = width
    counts = [Int](repeating: 0, count: rowCount)
    sums = [Float](repeating: 0, count: rowCount * width)
    maxima = sums
  }

  /// Adds outputs [T, B, H]; those of places (time-major) that are false in `counted` are left out.
  mutating func add(_ output: Tensor, counted: [Bool]) {
    output.withUnsafeBuffer { output in
      for (place, isCounted) in counted.enumerated() where isCounted {
        let row = place % counts.count
        let isFirst = counts[row] == 0
        counts[row] += 1
        for unit in 0..<width {
          let (value, index) = (output[place * width + unit], row * width + unit)
          sums[index] += value
          maxima[index] = isFirst ? value : max(maxima[index], value)
        }
      }
    }
  }

  /// The mean of each output, [B, H]; 0 for a text of no steps.
  var means: [Float] {
    sums.indices.map { sums[$0] / Float(max(counts[$0 / width], 1)) }
  }
}
