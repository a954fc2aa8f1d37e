import CTextLMKernels

extension Tensor {
  /// Gradient of a recurrent weight W [G, H]: Σₜ daₜᵀ hₜ₋₁, from the gradient of W's products, a [T,
  /// B, G], and the outputs h [T, B, H] of a layer that begins with `initialHidden` [B, H].
  ///
  /// Step 0 meets the initial state and every other step the output before it, so the sum is two
  /// products; a row that restarts meets zeros.
  package static func recurrentWeightGradient(
    preactivations: Tensor, hidden: Tensor, initialHidden: Tensor, restarts: [Bool]? = nil,
    precision: ComputePrecision
  ) -> Tensor {
    if let restarts {
      let before = statesBefore(hidden: hidden, initialHidden: initialHidden, restarts)
      return Tensor.product(preactivations, before, transposeLeft: true, precision: precision)
    }
    let (time, batch, hiddenSize) = (hidden.shape[0], hidden.shape[1], hidden.shape[2])
    let gateCount = preactivations.shape.width
    return withExtendedLifetime((hidden, initialHidden)) {
      preactivations.mapped(to: [gateCount, hiddenSize]) { gradient, sum in
        tlm_matmul(
          precision.kernelValue, true, false, gateCount, hiddenSize, batch, gradient, gateCount,
          initialHidden.address, hiddenSize, sum, hiddenSize, false)
        guard time > 1 else { return }
        tlm_matmul(
          precision.kernelValue, true, false, gateCount, hiddenSize, (time - 1) * batch,
          gradient + batch * gateCount, gateCount, hidden.address, hiddenSize, sum, hiddenSize,
          true)
      }
    }
  }

  /// h before each step, [T, B, H], zeros where a row restarts.
  private static func statesBefore(
    hidden: Tensor, initialHidden: Tensor, _ restarts: [Bool]
  ) -> Tensor {
    let (batch, width) = (hidden.shape[1], hidden.shape[2])
    return hidden.mapped(with: initialHidden, to: hidden.shape) { hidden, initial, before in
      for (row, restarts) in restarts.enumerated() {
        let target = before + row * width
        if restarts {
          target.update(repeating: 0, count: width)
        } else {
          target.update(
            from: row < batch ? initial + row * width : hidden + (row - batch) * width,
            count: width)
        }
      }
    }
  }
}
