import CTextLMKernels

extension Tensor {
  /// W[g] x for each group g of S neighbouring elements, S being 2 or 4: self is x [.., G · S], `weight`
  /// [G, S, S].
  package func blockLinear(_ weight: Tensor) -> Tensor {
    applyingBlocks(weight.permuted([2, 0, 1]))
  }

  /// The gradients of that, where self is x, given that of its result.
  package func blockLinearGradients(
    _ weight: Tensor, output gradient: Tensor
  ) -> (input: Tensor, weight: Tensor) {
    let (groupCount, size) = (weight.shape[0], weight.shape[1])
    let inputGradient = gradient.applyingBlocks(weight.permuted([1, 0, 2]))
    let weightGradient = mapped(with: gradient, to: [size, groupCount, size]) {
      tlm_block_linear_gradient(shape.rowCount, groupCount * size, Int32(size), $0, $1, $2)
    }
    return (inputGradient, weightGradient.permuted([1, 0, 2]))
  }

  /// What entry [i, g, j] of `weights` [S, G, S] says about element i of group g, added up to element j.
  private func applyingBlocks(_ weights: Tensor) -> Tensor {
    let (size, width) = (weights.shape[0], weights.shape[1] * weights.shape[2])
    require(
      size == weights.shape[2] && [2, 4].contains(size) && shape.dimensions.last == width,
      "block linear: \(shape) in blocks \(weights.shape)")
    return mapped(with: weights, to: shape) {
      tlm_block_linear(shape.rowCount, width, Int32(size), $1, $0, $2)
    }
  }
}
