/// Takes the steps of dynamic evaluation on a model's parameters.
struct DynamicLearner {
  private let rule: DynamicEvaluation
  private let parameters: [Parameter]
  /// θ₀
  private let initial: [Tensor]
  private var sizes: GradientSizes

  init(_ rule: DynamicEvaluation, _ parameters: [Parameter]) {
    self.rule = rule
    self.parameters = parameters
    initial = parameters.map(\.value)
    sizes = GradientSizes(of: parameters)
  }

  /// Learns from a segment; what is not finite is no gradient to learn from.
  mutating func learn(_ gradients: Gradients) {
    guard gradients.isFinite else { return }
    let own = parameters.map { gradients[$0] }
    sizes.add(own)
    let (sizes, mean) = sizes.sizes(of: parameters)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = own[index] else { continue }
      parameter.value = rule.step(
        parameter.value, initial: initial[index], gradient: gradient, sizes: sizes[index],
        meanSize: mean)
    }
  }

  /// Forgets all that was learned.
  func restore() {
    for (parameter, value) in zip(parameters, initial) { parameter.value = value }
  }
}
