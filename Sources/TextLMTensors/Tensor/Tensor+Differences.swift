#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Tensor {
  /// Σ max(x, 0) − x y + ln(1 + e^−|x|) over the rows that count, accumulated in Double.
  package func binaryCrossEntropySum(targets: Tensor, isCounted: [Bool]) -> Double {
    sumOverRows(targets: targets, isCounted: isCounted) { logit, target in
      max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
    }
  }

  /// Σ (x − y)² over the rows that count, accumulated in Double.
  package func squaredErrorSum(targets: Tensor, isCounted: [Bool]) -> Double {
    sumOverRows(targets: targets, isCounted: isCounted) { ($0 - $1) * ($0 - $1) }
  }

  /// factor · (self − targets) in the rows that count, 0 elsewhere.
  package func scaledDifference(
    from targets: Tensor, factor: Float, isCounted: [Bool]
  ) -> Tensor {
    requireRows(of: targets, isCounted)
    let width = shape.width
    return mapped(with: targets, to: shape) { values, targets, result in
      for (row, counts) in isCounted.enumerated() {
        for place in row * width..<(row + 1) * width {
          result[place] = counts ? factor * (values[place] - targets[place]) : 0
        }
      }
    }
  }

  private func sumOverRows(
    targets: Tensor, isCounted: [Bool], _ cost: (Double, Double) -> Double
  ) -> Double {
    requireRows(of: targets, isCounted)
    let width = shape.width
    return withUnsafeBuffer { values in
      targets.withUnsafeBuffer { targets in
        var sum = 0.0
        for (row, counts) in isCounted.enumerated() where counts {
          for place in row * width..<(row + 1) * width {
            sum += cost(Double(values[place]), Double(targets[place]))
          }
        }
        return sum
      }
    }
  }

  private func requireRows(of targets: Tensor, _ isCounted: [Bool]) {
    require(
      shape == targets.shape && shape.rowCount == isCounted.count,
      "loss: outputs \(shape), targets \(targets.shape) and \(isCounted.count) flags differ")
  }
}
