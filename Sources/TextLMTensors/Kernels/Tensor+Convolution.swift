import CTextLMKernels

extension Tensor {
  /// A causal convolution as one product for each tap: y[t] = Σⱼ Wⱼ x[t + j · dilation] + b.
  ///
  /// x is [(taps − 1) · dilation + T, B, C] with what came before the first of T steps in front,
  /// so that the last tap meets the present; the result is [T, B, O]. Requires packed taps [C, O] and
  /// a bias [O].
  package func convolved(with taps: [PackedMatrix], bias: Tensor?, dilation: Int) -> Tensor {
    let history = (taps.count - 1) * dilation
    require(
      shape.rank == 3 && shape[0] > history && taps.allSatisfy { $0.inputSize == shape[2] },
      "convolution: \(taps.count) taps at distance \(dilation) over \(shape)")
    let (time, batch, width, outputSize) =
      (shape[0] - history, shape[1], shape[2], taps[0].outputSize)
    return withExtendedLifetime((taps, bias)) {
      mapped(to: [time, batch, outputSize]) { source, result in
        for (index, tap) in taps.enumerated() {
          tlm_matmul_packed(
            tap.handle, time * batch, source + index * dilation * batch * width, width,
            index == 0 ? bias?.address : nil, result, outputSize, index > 0)
        }
      }
    }
  }

  /// The gradient of x where self is that of y, [T, B, O]; packed taps are [O, C].
  package func convolutionInputGradient(taps: [PackedMatrix], dilation: Int) -> Tensor {
    let (time, batch, width) = (shape[0], shape[1], taps[0].outputSize)
    let length = time + (taps.count - 1) * dilation
    return withExtendedLifetime(taps) {
      mapped(to: [length, batch, width]) { gradient, result in
        // The first product writes its rows, the others add to rows that are zero or written.
        (result + time * batch * width).update(
          repeating: 0, count: (length - time) * batch * width)
        for (index, tap) in taps.enumerated() {
          tlm_matmul_packed(
            tap.handle, time * batch, gradient, shape[2], nil,
            result + index * dilation * batch * width, width, index > 0)
        }
      }
    }
  }

  /// The gradient of tap `index` [O, C], Σₜ dy[t]ᵀ x[t + index · dilation], where self is x.
  package func convolutionTapGradient(
    _ outputGradient: Tensor, index: Int, dilation: Int, precision: ComputePrecision
  ) -> Tensor {
    let start = index * dilation
    return Tensor.product(
      outputGradient, self[rows: start..<start + outputGradient.shape[0]], transposeLeft: true,
      precision: precision)
  }
}
