extension Tensor {
  /// The Euclidean norms of this tensor's rows along its first axis: [O, ..] becomes [O].
  package func rowNorms() -> Tensor {
    let (rowCount, width) = (shape[0], shape.count / max(shape[0], 1))
    return mapped(to: [rowCount]) { rows, norms in
      for row in 0..<rowCount {
        var sum = 0.0
        for place in row * width..<(row + 1) * width { sum += Double(rows[place] * rows[place]) }
        norms[row] = Float(sum.squareRoot())
      }
    }
  }

  /// Each row along the first axis times its factor. Requires as many factors as rows.
  package func scalingRows(by factors: Tensor) -> Tensor {
    require(factors.shape == [shape[0]], "scaling rows: \(factors.shape) for \(shape)")
    let width = shape.count / max(shape[0], 1)
    return mapped(with: factors, to: shape) { rows, factors, result in
      for place in 0..<shape.count { result[place] = rows[place] * factors[place / width] }
    }
  }

  /// Gradients of v, which self is, and of g in g v / ‖v‖, from that of the weight.
  ///
  /// ```
  /// dg = ⟨dW, v⟩ / ‖v‖;  dv = (g / ‖v‖) (dW − ⟨dW, v⟩ v / ‖v‖²)
  /// ```
  package func weightNormGradients(
    _ gradient: Tensor, gain: Tensor, norms: Tensor
  ) -> (direction: Tensor, gain: Tensor) {
    let (rowCount, width) = (shape[0], shape.count / max(shape[0], 1))
    let (gains, norms) = (gain.array, norms.array)
    var gainGradient = [Float](repeating: 0, count: rowCount)
    let direction = mapped(with: gradient, to: shape) { v, gradient, result in
      for row in 0..<rowCount {
        var product = 0.0
        let places = row * width..<(row + 1) * width
        for place in places { product += Double(v[place] * gradient[place]) }
        let norm = norms[row]
        gainGradient[row] = Float(product) / norm
        let along = Float(product) / (norm * norm)
        for place in places {
          result[place] = gains[row] / norm * (gradient[place] - along * v[place])
        }
      }
    }
    return (direction, Tensor(gainGradient, shape: gain.shape))
  }
}
