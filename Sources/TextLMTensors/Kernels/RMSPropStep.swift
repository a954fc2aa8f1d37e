import CTextLMKernels

/// The numbers of one step of RMSprop.
///
/// With the gradient g that `UpdateTerms` makes:
///
/// ```
/// v ← α v + (1 − α) g²;  a ← α a + (1 − α) g
/// d = g / (√(v − a²) + ε), without a where it is not centred
/// b ← momentum · b + d;  step = η b
/// ```
package struct RMSPropStep {
  /// α
  package var decayRate: Double
  /// ε
  package var epsilon: Double
  /// How much of the buffer stays.
  package var momentum: Double

  /// Nothing but the fields.
  package init(decayRate: Double, epsilon: Double, momentum: Double) {
    self.decayRate = decayRate
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// Takes the step, in place for tensors whose memory nobody else holds.
  ///
  /// `mean` is nil where it is not centred, `buffer` where there is no momentum. Requires equal
  /// shapes.
  package func callAsFunction(
    _ value: inout Tensor, square: inout Tensor, mean: inout Tensor?, buffer: inout Tensor?,
    gradient: Tensor, _ terms: UpdateTerms
  ) {
    let shape = value.shape
    UpdateTerms.require([gradient, square, mean, buffer], likeWeight: value, "RMSprop")
    let settings = tlm_rmsprop_settings(
      decay: Float(decayRate), epsilon: Float(epsilon), momentum: Float(momentum))
    withExtendedLifetime(gradient) {
      value.overwrite { oldValue, newValue in
        square.overwrite { oldSquare, newSquare in
          mean.overwrite { oldMean, newMean in
            buffer.overwrite { oldBuffer, newBuffer in
              tlm_rmsprop(
                shape.count, terms.kernelValue, settings, gradient.address, oldValue, oldSquare,
                oldMean, oldBuffer, newValue, newSquare, newMean, newBuffer)
            }
          }
        }
      }
    }
  }
}

extension Tensor? {
  /// `Tensor.overwrite`, with no addresses for no tensor.
  fileprivate mutating func overwrite(
    _ body: (_ source: UnsafePointer<Float>?, _ destination: UnsafeMutablePointer<Float>?) -> Void
  ) {
    // Switched over in place: binding the tensor would make a second holder, and so a copy.
    guard self != nil else { return body(nil, nil) }
    self?.overwrite { body($0, $1) }
  }
}
