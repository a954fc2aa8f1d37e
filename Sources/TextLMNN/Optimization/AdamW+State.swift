public import TextLMTensors

extension AdamW {
  /// The moments of all parameters that have been updated, for a checkpoint: m of parameter `p`
  /// under `first_moment.p`, v under `second_moment.p`.
  public var tensors: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (path, moments) in moments {
      tensors[Self.firstMomentName(path)] = moments.first
      tensors[Self.secondMomentName(path)] = moments.second
    }
    return tensors
  }

  /// Goes on where another optimizer was after `stepCount` steps, when its `tensors` were as given.
  ///
  /// Throws `ParameterError` where the tensors do not fit the parameters; the optimizer is then
  /// unchanged.
  public mutating func restore(
    stepCount: Int, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) {
    let source = StoredParameters(tensors)
    var restored: [String: Moments] = [:]
    if stepCount > 0 {
      for parameter in parameters {
        let (path, shape) = (parameter.path, parameter.shape)
        restored[path] = Moments(
          first: try source.tensor(at: Self.firstMomentName(path), shape: shape, .zeros),
          second: try source.tensor(at: Self.secondMomentName(path), shape: shape, .zeros))
      }
    }
    self.stepCount = stepCount
    moments = restored
  }

  private static func firstMomentName(_ path: String) -> String { "first_moment.\(path)" }
  private static func secondMomentName(_ path: String) -> String { "second_moment.\(path)" }
}
