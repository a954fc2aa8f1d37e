/// Gradients of one number with respect to watched tensors.
public struct TensorGradients: Sendable {
  private let gradients: [Tensor.ID: Tensor]

  init(_ gradients: [Tensor.ID: Tensor]) {
    self.gradients = gradients
  }

  /// The gradient with respect to `tensor`, in its shape; nil where the number does not depend on
  /// it.
  public subscript(tensor: Tensor) -> Tensor? {
    gradients[tensor.id]?.reshaped(to: tensor.shape)
  }
}
