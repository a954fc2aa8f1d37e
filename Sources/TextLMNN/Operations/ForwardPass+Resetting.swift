import TextLMTensors

extension ForwardPass {
  /// A state whose rows for which `resets` is true are those of `initial`, and the others those of
  /// `state`.
  ///
  /// No gradient flows through a row that is replaced. Requires a truth value for each row.
  public func resetting<State: EncoderState>(
    _ state: State, to initial: State, rows resets: [Bool]
  ) -> State {
    var remaining = initial.tensors[...]
    return state.mapTensors { tensor in
      guard let start = remaining.popFirst() else { return tensor }
      require(
        tensor.shape == start.shape && tensor.shape[0] == resets.count,
        "reset: \(resets.count) rows of states \(tensor.shape) and \(start.shape)")
      let rowSize = tensor.shape.count / resets.count
      let kept = resets.flatMap { repeatElement(Float($0 ? 0 : 1), count: rowSize) }
      let values = start.array
      let replaced = kept.indices.map { kept[$0] == 0 ? values[$0] : 0 }
      return add(
        multiply(tensor, Tensor(kept, shape: tensor.shape)),
        Tensor(replaced, shape: tensor.shape))
    }
  }
}
