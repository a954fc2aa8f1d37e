import Synchronization
public import TextLMTensors

/// A trainable tensor with a place in a model, named by its path, as in `rnn.weight_ih_l0`.
///
/// A parameter is an object: layers hold it, the optimizer changes its value, and all who hold it
/// see the change. It is made by a `ParameterScope`, which knows all parameters of a model, so that
/// none can be forgotten when counting, saving or training. Its value may be read and replaced from
/// any thread.
public final class Parameter: Sendable, Identifiable {
  /// Names from the model's root down, joined by dots; unique within a model.
  public let path: String
  /// Shape of every value this parameter has.
  public let shape: Shape
  private let current: Mutex<Tensor>

  init(path: String, value: Tensor) {
    self.path = path
    shape = value.shape
    // An identity of its own: gradients are filed by identity, and two parameters may start from
    // one tensor.
    current = Mutex(value.detached())
  }

  /// The present value. Requires the parameter's shape when set.
  public var value: Tensor {
    get { current.withLock { $0 } }
    set { update { $0 = newValue.detached() } }
  }

  /// Changes the value where it lies, which costs no copy while nobody else holds it.
  func update(_ body: (inout Tensor) -> Void) {
    current.withLock { value in
      body(&value)
      require(
        value.shape == shape, "\(path): a value of shape \(value.shape) for a parameter of \(shape)"
      )
    }
  }
}
