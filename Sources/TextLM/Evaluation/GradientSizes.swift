/// How great the elements of a model's gradients usually are: √(mean of g²), element by element.
struct GradientSizes {
  /// Σ g² of each parameter's elements.
  private var squares: [[Float]]
  private var count = 0

  init(of parameters: [Parameter]) {
    squares = parameters.map { Array(repeating: 0, count: $0.shape.count) }
  }

  /// Counts the gradients of one segment; a parameter that is nil has none.
  mutating func add(_ gradients: [Tensor?]) {
    for (index, gradient) in gradients.enumerated() {
      gradient?.withUnsafeBuffer { gradient in
        squares[index].withUnsafeMutableBufferPointer { squares in
          for place in gradient.indices { squares[place] += gradient[place] * gradient[place] }
        }
      }
    }
    count += 1
  }

  /// The sizes in the shapes of `parameters`, and the mean over parameters of their means.
  func sizes(of parameters: [Parameter]) -> (sizes: [Tensor], mean: Double) {
    let factor = 1 / Float(max(count, 1))
    let sizes = zip(squares, parameters).map { squares, parameter in
      let roots = [Float](unsafeUninitializedCapacity: squares.count) { roots, count in
        for place in squares.indices { roots[place] = (squares[place] * factor).squareRoot() }
        count = squares.count
      }
      return Tensor(roots, shape: parameter.shape)
    }
    let sum = sizes.reduce(0.0) { $0 + $1.sum / Double(max($1.shape.count, 1)) }
    return (sizes, sum / Double(max(sizes.count, 1)))
  }
}
