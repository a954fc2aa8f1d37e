import TextLMTensors

extension ForwardPass {
  /// What came one step before each step of a sequence [T, B, D].
  ///
  /// `past` [B, D] is what came before the first step, and becomes the last. Zeros where a row begins
  /// anew.
  func precedingSteps(of input: Tensor, past: inout Tensor, restarts: Restarts) -> Tensor {
    let before = past
    let output = input.precedingSteps(after: before, restarts: restarts.flags)
    past = lastStep(input)
    let (inputShape, last) = (input.shape, past)
    tape?.record(outputs: [output, last], inputs: [input.id, before.id]) { gradients in
      var (inputGradient, pastGradient) = (Tensor(zeros: inputShape), Tensor(zeros: before.shape))
      if let gradient = gradients[0] {
        (inputGradient, pastGradient) = gradient.splittingPreceding(restarts: restarts.flags)
      }
      if let ofLast = gradients[1] {
        let rest = Tensor(zeros: [inputShape[0] - 1, inputShape[1], inputShape[2]])
        let step = ofLast.reshaped(to: [1, inputShape[1], inputShape[2]])
        inputGradient = inputGradient.adding(Tensor(stacking: [rest, step]))
      }
      return [inputGradient, pastGradient]
    }
    return output
  }
}
