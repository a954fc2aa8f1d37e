extension Tensor {
  /// A sequence [T, B, D] with zeros wherever t >= lengths[b].
  package func zeroingPadding(lengths: [Int]) -> Tensor {
    requireLengths(lengths, "zeroing padding")
    let (time, batch, width) = (shape[0], shape[1], shape[2])
    return mapped(to: shape) { source, result in
      for step in 0..<time {
        for row in 0..<batch {
          let place = (step * batch + row) * width
          if step < lengths[row] {
            (result + place).update(from: source + place, count: width)
          } else {
            (result + place).update(repeating: 0, count: width)
          }
        }
      }
    }
  }

  /// A sequence [T, B, D] with the first lengths[b] steps of each row b in opposite order and the
  /// padding left in place.
  ///
  /// Its own inverse, hence also its own gradient.
  package func reversedInTime(lengths: [Int]) -> Tensor {
    requireLengths(lengths, "reversing in time")
    let (time, batch, width) = (shape[0], shape[1], shape[2])
    return mapped(to: shape) { source, result in
      for step in 0..<time {
        for row in 0..<batch {
          let from = step < lengths[row] ? lengths[row] - 1 - step : step
          (result + (step * batch + row) * width).update(
            from: source + (from * batch + row) * width, count: width)
        }
      }
    }
  }

  private func requireLengths(_ lengths: [Int], _ operation: String) {
    require(shape.rank == 3, "\(operation): a sequence is [T, B, D], not \(shape)")
    require(
      lengths.count == shape[1], "\(operation): \(lengths.count) lengths for \(shape[1]) rows")
    require(
      lengths.allSatisfy { 0 <= $0 && $0 <= shape[0] },
      "\(operation): lengths \(lengths) are not all in 0 ... \(shape[0])")
  }
}
