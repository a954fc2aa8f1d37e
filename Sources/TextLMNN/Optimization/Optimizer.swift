public import TextLMTensors

/// A rule by which gradients become changes of parameters, with what it remembers from step to step.
///
/// A value with one mutating method; learning rate, decay and clipping are the step's affair, so that
/// a schedule can change them.
public protocol Optimizer: Sendable {
  /// The number of steps taken.
  var stepCount: Int { get }

  /// Takes one step: changes those of `parameters` that have a gradient and are not frozen, and
  /// leaves the others, and what is remembered of them, as they are.
  mutating func update(
    _ parameters: [Parameter], _ gradients: Gradients, _ step: OptimizationStep)

  /// All that is remembered, by name, for a checkpoint; empty before the first step.
  var tensors: [String: Tensor] { get }

  /// Goes on where another optimizer of the same rule was after `stepCount` steps, when its
  /// `tensors` were as given; others in the dictionary are not looked at.
  ///
  /// Throws `ParameterError` where the tensors do not fit the parameters; the optimizer is then
  /// unchanged.
  mutating func restore(
    stepCount: Int, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError)
}
