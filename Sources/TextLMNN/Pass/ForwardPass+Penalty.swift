public import TextLMTensors

extension ForwardPass {
  /// Adds `penalty`, of shape `[]`, to what the loss of this pass should contain beside the
  /// cross-entropy.
  public func addPenalty(_ penalty: Tensor) {
    self.penalty = self.penalty.map { add($0, penalty) } ?? penalty
  }
}
