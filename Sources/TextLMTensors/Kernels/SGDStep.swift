import CTextLMKernels

/// The numbers of one step of stochastic gradient descent with momentum.
///
/// With the gradient g that `UpdateTerms` makes:
///
/// ```
/// b ← keep · b + take · g
/// step = η b, or η (g + momentum · b) with Nesterov's
/// ```
package struct SGDStep {
  /// How much of the buffer stays.
  package var keep: Double
  /// How much of the gradient comes to it.
  package var take: Double
  /// The buffer's part in Nesterov's step; nil for the buffer itself.
  package var lookahead: Double?

  /// Nothing but the fields.
  package init(keep: Double, take: Double, lookahead: Double?) {
    self.keep = keep
    self.take = take
    self.lookahead = lookahead
  }

  /// Takes the step, in place for tensors whose memory nobody else holds. Requires equal shapes.
  package func callAsFunction(
    _ value: inout Tensor, buffer: inout Tensor, gradient: Tensor, _ terms: UpdateTerms
  ) {
    let shape = value.shape
    UpdateTerms.require([gradient, buffer], likeWeight: value, "SGD")
    let settings = tlm_sgd_settings(
      keep: Float(keep), take: Float(take), momentum: Float(lookahead ?? 0),
      nesterov: lookahead != nil)
    withExtendedLifetime(gradient) {
      value.overwrite { oldValue, newValue in
        buffer.overwrite { oldBuffer, newBuffer in
          tlm_sgd(
            shape.count, terms.kernelValue, settings, gradient.address, oldValue, oldBuffer,
            newValue, newBuffer)
        }
      }
    }
  }

  /// Takes a step without momentum, η g.
  package static func withoutMomentum(
    _ value: inout Tensor, gradient: Tensor, _ terms: UpdateTerms
  ) {
    let shape = value.shape
    UpdateTerms.require([gradient], likeWeight: value, "SGD")
    withExtendedLifetime(gradient) {
      value.overwrite { oldValue, newValue in
        tlm_sgd(
          shape.count, terms.kernelValue, tlm_sgd_settings(), gradient.address, oldValue, nil,
          newValue, nil)
      }
    }
  }
}
