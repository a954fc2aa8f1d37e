extension Tensor {
  /// What came one step before each step of this sequence [T, B, D], given what came before the first,
  /// `past` [B, D]; zeros where a row begins anew, as `restarts` [T, B] says.
  package func precedingSteps(after past: Tensor, restarts: [Bool]?) -> Tensor {
    let (batch, width) = (shape[1], shape[2])
    require(past.shape == [batch, width], "preceding steps: past \(past.shape) of \(shape)")
    return mapped(with: past, to: shape) { input, past, result in
      result.update(from: past, count: batch * width)
      (result + batch * width).update(from: input, count: shape.count - batch * width)
      Self.clear(result, rows: restarts, width: width)
    }
  }

  /// The transpose of that map, where self is the gradient of its result.
  package func splittingPreceding(restarts: [Bool]?) -> (input: Tensor, past: Tensor) {
    let (batch, width) = (shape[1], shape[2])
    var gradient = self
    if restarts != nil {
      gradient.overwriteInPlace { Self.clear($0, rows: restarts, width: width) }
    }
    let kept = gradient[rows: 1..<shape[0]]
    let none = Tensor(zeros: [1, batch, width])
    return (Tensor(stacking: [kept, none]), gradient[rows: 0..<1].reshaped(to: [batch, width]))
  }

  private static func clear(_ values: UnsafeMutablePointer<Float>, rows: [Bool]?, width: Int) {
    guard let rows else { return }
    for (row, isCleared) in rows.enumerated() where isCleared {
      (values + row * width).update(repeating: 0, count: width)
    }
  }
}
