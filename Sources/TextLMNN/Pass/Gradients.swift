public import TextLMTensors

/// The gradients of a loss with respect to the parameters it was computed from.
public struct Gradients: Sendable {
  private let byParameter: [Parameter.ID: Tensor]
  private let watched: TensorGradients
  /// √Σ g² over all elements of all parameters' gradients, in Double; not finite if any element is
  /// not.
  public let globalNorm: Double

  init(_ gradients: TensorGradients, of pass: ForwardPass) {
    var byParameter: [Parameter.ID: Tensor] = [:]
    var sumOfSquares = 0.0
    for parameter in pass.parameters {
      guard let gradient = gradients[pass.value(of: parameter)] else { continue }
      byParameter[parameter.id] = gradient
      sumOfSquares += gradient.sumOfSquares
    }
    self.byParameter = byParameter
    watched = gradients
    globalNorm = sumOfSquares.squareRoot()
  }

  /// The gradient of a parameter, in its shape; nil when the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? { byParameter[parameter.id] }

  /// The gradient of a tensor that `ForwardPass.watch` was called with; nil when the loss does not
  /// depend on it.
  public subscript(tensor: Tensor) -> Tensor? { watched[tensor] }

  /// Whether no gradient is infinite or not a number.
  public var isFinite: Bool { globalNorm.isFinite }
}
