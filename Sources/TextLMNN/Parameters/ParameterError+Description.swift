extension ParameterError: CustomStringConvertible {
  /// What does not fit, and what to do about it.
  public var description: String {
    switch self {
    case .missing(let path, let shape):
      """
      tensor '\(path)' of shape \(shape) is missing; the file was written for another architecture \
      or other layers, so load it with the configuration stored in it
      """
    case .shape(let path, let expected, let found):
      """
      tensor '\(path)' has shape \(found), the model needs \(expected); the file was written for \
      other sizes, so load it with the configuration stored in it
      """
    case .value(let path, let found):
      "tensor '\(path)' is \(found), which is no count of steps; the file is damaged"
    }
  }
}
