#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Tensor {
  /// The softmax over the first axis, of the first lengths[b] elements of each column: [T, B] becomes
  /// [T, B], 0 at the padding, where a column of length 0 has nothing else.
  package func softmaxOverTime(lengths: [Int]) -> Tensor {
    let (time, batch) = (shape[0], shape[1])
    require(
      lengths.count == batch && lengths.allSatisfy { 0 <= $0 && $0 <= time },
      "softmax over time: lengths \(lengths) do not fit \(shape)")
    return mapped(to: shape) { scores, weights in
      weights.update(repeating: 0, count: time * batch)
      for (row, length) in lengths.enumerated() where length > 0 {
        let greatest = (0..<length).reduce(-Float.infinity) { max($0, scores[$1 * batch + row]) }
        var total: Float = 0
        for step in 0..<length {
          let weight = exp(scores[step * batch + row] - greatest)
          weights[step * batch + row] = weight
          total += weight
        }
        for step in 0..<length { weights[step * batch + row] /= total }
      }
    }
  }

  /// Σ_t self[t, b] · values[t, b]: weights [T, B] and values [T, B, D] make [B, D].
  package func weightedSums(of values: Tensor) -> Tensor {
    requireSequence(values)
    let (time, batch, width) = (shape[0], shape[1], values.shape[2])
    return mapped(with: values, to: [batch, width]) { weights, values, sums in
      sums.update(repeating: 0, count: batch * width)
      for place in 0..<time * batch {
        let (weight, sum) = (weights[place], sums + place % batch * width)
        let value = values + place * width
        for column in 0..<width { sum[column] += weight * value[column] }
      }
    }
  }

  /// self[t, b] · vectors[b]: weights [T, B] and vectors [B, D] make [T, B, D].
  package func spreading(_ vectors: Tensor) -> Tensor {
    require(
      shape.rank == 2 && vectors.shape.rank == 2 && vectors.shape[0] == shape[1],
      "spreading: \(shape) weights for vectors \(vectors.shape)")
    let (time, batch, width) = (shape[0], shape[1], vectors.shape[1])
    return mapped(with: vectors, to: [time, batch, width]) { weights, vectors, result in
      for place in 0..<time * batch {
        let vector = vectors + place % batch * width
        for column in 0..<width {
          result[place * width + column] = weights[place] * vector[column]
        }
      }
    }
  }

  /// Gradient of the scores of a softmax over time whose result is self, [T, B], which weighted values
  /// [T, B, D] for sums of the gradient [B, D]: ds = w (dw − Σ_t w dw), dw[t, b] = values[t, b] · g[b].
  package func softmaxOverTimeGradient(values: Tensor, sumGradient: Tensor) -> Tensor {
    requireSequence(values)
    let (time, batch, width) = (shape[0], shape[1], values.shape[2])
    let products = values.mapped(with: sumGradient, to: shape) { values, gradient, products in
      for place in 0..<time * batch {
        let row = gradient + place % batch * width
        products[place] = (0..<width).reduce(0) { $0 + values[place * width + $1] * row[$1] }
      }
    }
    return mapped(with: products, to: shape) { weights, products, result in
      for row in 0..<batch {
        let mean = stride(from: row, to: time * batch, by: batch).reduce(Float(0)) {
          $0 + weights[$1] * products[$1]
        }
        for place in stride(from: row, to: time * batch, by: batch) {
          result[place] = weights[place] * (products[place] - mean)
        }
      }
    }
  }

  private func requireSequence(_ values: Tensor) {
    require(
      shape.rank == 2 && values.shape.rank == 3 && values.shape[0] == shape[0]
        && values.shape[1] == shape[1], "weighted sums: \(shape) weights for values \(values.shape)"
    )
  }
}
