extension Tensor {
  /// Each step of a sequence less the one before: [T, B, D] becomes [T − 1, B, D].
  ///
  /// Rows of the result for which `counted` is false, time-major, are zero. Requires T > 1.
  package func stepDifferences(counted: [Bool]) -> Tensor {
    require(
      shape.rank == 3 && counted.count == (shape[0] - 1) * shape[1],
      "step differences: \(counted.count) places of a sequence \(shape)")
    let (step, width) = (shape[1] * shape[2], shape[2])
    return mapped(to: [shape[0] - 1, shape[1], width]) { source, result in
      for (row, isCounted) in counted.enumerated() {
        for place in row * width..<(row + 1) * width {
          result[place] = isCounted ? source[place + step] - source[place] : 0
        }
      }
    }
  }

  /// The transpose of that map: [T − 1, B, D] becomes [T, B, D].
  package func scatteringStepDifferences() -> Tensor {
    let (count, step) = (shape.count, shape[1] * shape[2])
    return mapped(to: [shape[0] + 1, shape[1], shape[2]]) { source, result in
      for place in 0..<count + step {
        result[place] =
          (place >= step ? source[place - step] : 0) - (place < count ? source[place] : 0)
      }
    }
  }
}
