public import TextLMTensors

/// Stored tensors that do not fit the model they are loaded into.
public enum ParameterError: Error, Equatable {
  /// Nothing is stored for a parameter of the model.
  case missing(path: String, shape: Shape)
  /// What is stored has another shape than the model's parameter.
  case shape(path: String, expected: Shape, found: Shape)
  /// A stored number is none that training writes.
  case value(path: String, found: Float)
}
