import CTextLMKernels

/// Layer normalization of a tensor's rows, with what its gradient needs.
///
/// Each of `groupCount` equal parts of the last axis by itself:
///
/// ```
/// y = gain · (x − mean x) / √(variance x + ε) + bias
/// ```
///
/// where the variance is the mean of squares. Reference: Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey
/// Hinton, "Layer Normalization", 2016.
package struct LayerNormTrace {
  /// y, as x.
  package let output: Tensor
  /// (x − mean x) / √(variance x + ε), as x.
  private let normal: Tensor
  /// 1 / √(variance x + ε), [rows, groups].
  private let scales: Tensor
  private let gain: Tensor

  /// Normalizes x [.., groupCount · W], with gain and bias [groupCount · W].
  package init(_ input: Tensor, gain: Tensor, bias: Tensor, groupCount: Int, epsilon: Float) {
    let (rowCount, width) = (input.shape.rowCount, input.shape.width)
    require(
      gain.shape == [width] && bias.shape == [width] && width.isMultiple(of: groupCount),
      """
      layer norm: gain \(gain.shape) and bias \(bias.shape) for rows of \(width) in \(groupCount) \
      groups
      """)
    var normal = Tensor(shape: input.shape) { _ in }
    var scales = Tensor(shape: [rowCount, groupCount]) { _ in }
    output = withExtendedLifetime((gain, bias)) {
      input.mapped(to: input.shape) { source, result in
        normal.overwrite { _, normal in
          scales.overwrite { _, scales in
            tlm_layer_norm(
              rowCount, groupCount, width / groupCount, epsilon, source, gain.address,
              bias.address, normal, scales, result)
          }
        }
      }
    }
    (self.normal, self.scales, self.gain) = (normal, scales, gain)
  }

  /// Gradients of x, gain and bias from that of y.
  package func gradients(_ gradient: Tensor) -> (input: Tensor, gain: Tensor, bias: Tensor) {
    let groupCount = scales.shape[1]
    let input = withExtendedLifetime((gain, scales)) {
      gradient.mapped(with: normal, to: normal.shape) { gradient, normal, result in
        tlm_layer_norm_backward(
          scales.shape[0], groupCount, self.normal.shape.width / groupCount, gradient,
          gain.address, normal, scales.address, result)
      }
    }
    var biasGradient = Tensor(shape: gain.shape) { _ in }
    let gainGradient = gradient.mapped(with: normal, to: gain.shape) { gradient, normal, result in
      biasGradient.overwrite { _, bias in
        tlm_layer_norm_parameters_backward(
          self.normal.shape.rowCount, gain.shape.width, gradient, normal, result, bias)
      }
    }
    return (input, gainGradient, biasGradient)
  }
}
