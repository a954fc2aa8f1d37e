extension EncoderState {
  /// Where among `tensors` those are that are a vector for each text, [B, D], of which units are the
  /// components. Pairs of numbers count the steps of a stream and are no units.
  var vectorPlaces: [Int] {
    let tensors = self.tensors
    let hasUnits = self is any UnitState
    return tensors.indices.filter { place in
      let shape = tensors[place].shape
      return shape.rank == 2 && (hasUnits || shape[1] > 2)
    }
  }

  /// The vectors of the state, [B, D] each.
  var vectors: [Tensor] {
    let tensors = self.tensors
    return vectorPlaces.map { tensors[$0] }
  }

  /// What the vectors are called, as `UnitLayer.name` says.
  var vectorNames: [String] {
    let places = vectorPlaces.indices
    switch self {
    case is StackedState<LSTMState>:
      return places.map { "\($0 % 2 == 0 ? "hidden" : "cell")\($0 / 2 + 1)" }
    case is StackedState<HiddenState>: return places.map { "hidden\($0 + 1)" }
    default: return places.map { "state\($0 + 1)" }
    }
  }
}
