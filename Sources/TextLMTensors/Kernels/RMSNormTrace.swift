import CTextLMKernels

/// Root-mean-square normalization of a tensor's rows, with what its gradient needs.
///
/// ```
/// y = gain · x / √(mean x² + ε)
/// ```
///
/// Reference: Biao Zhang and Rico Sennrich, "Root Mean Square Layer Normalization", 2019.
package struct RMSNormTrace {
  /// y, as x.
  package let output: Tensor
  /// x / √(mean x² + ε), as x.
  private let normal: Tensor
  /// 1 / √(mean x² + ε), [rows].
  private let scales: Tensor
  private let gain: Tensor

  /// Normalizes x [.., W] with a gain [W].
  package init(_ input: Tensor, gain: Tensor, epsilon: Float) {
    let (rowCount, width) = (input.shape.rowCount, input.shape.width)
    require(gain.shape == [width], "rms norm: gain \(gain.shape) for rows of \(width)")
    var normal = Tensor(shape: input.shape) { _ in }
    var scales = Tensor(shape: [rowCount]) { _ in }
    output = withExtendedLifetime(gain) {
      input.mapped(to: input.shape) { source, result in
        normal.overwrite { _, normal in
          scales.overwrite { _, scales in
            tlm_rms_norm(
              rowCount, width, epsilon, source, gain.address, normal, scales, result)
          }
        }
      }
    }
    (self.normal, self.scales, self.gain) = (normal, scales, gain)
  }

  /// Gradients of x and gain from that of y.
  package func gradients(_ gradient: Tensor) -> (input: Tensor, gain: Tensor) {
    let input = withExtendedLifetime((gain, scales)) {
      gradient.mapped(with: normal, to: normal.shape) { gradient, normal, result in
        tlm_rms_norm_backward(
          scales.shape[0], gain.shape[0], gradient, gain.address, normal, scales.address, result)
      }
    }
    return (input, gradient.reshaped(to: normal.shape).multiplied(by: normal).columnSums())
  }
}
