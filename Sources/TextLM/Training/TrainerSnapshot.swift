/// All that the steps of a training depend on, at one moment.
struct TrainerSnapshot<State: EncoderState>: Sendable {
  let progress: TrainingProgress
  /// In the order of the model's parameters.
  let weights: [Tensor]
  let optimizer: any Optimizer
  let average: WeightAverage?
  /// Carried from window to window.
  let state: State
}

extension TrainerSnapshot {
  /// By name, for a file: weights, moments and the carried state, each name beginning with `prefix`.
  func tensors(
    for parameters: [Parameter], prefix: String = ""
  ) -> [(name: String, tensor: Tensor)] {
    var tensors = zip(parameters, weights).map { (name: "weights.\($0.path)", tensor: $1) }
    tensors += (average?.tensors ?? [:]).sorted { $0.key < $1.key }.map {
      (name: $0.key, tensor: $0.value)
    }
    tensors += optimizer.tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }
    tensors += state.tensors.enumerated().map { (name: "state.\($0.offset)", tensor: $0.element) }
    return tensors.map { (name: prefix + $0.name, tensor: $0.tensor) }
  }

  /// Reads what `tensors(for:prefix:)` gave.
  ///
  /// Throws `ParameterError` for tensors that do not fit.
  init(
    _ progress: TrainingProgress, _ tensors: [String: Tensor], prefix: String,
    parameters: [Parameter], optimizer: any Optimizer, average: WeightAverage?,
    initialState: State
  ) throws {
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
    let named = Dictionary(
      uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    let stored = StoredParameters(named)
    weights = try parameters.map {
      try stored.tensor(at: "weights.\($0.path)", shape: $0.shape, .zeros)
    }
    var optimizer = optimizer
    try optimizer.restore(stepCount: progress.step, tensors: named, for: parameters)
    self.optimizer = optimizer
    var average = average
    try average?.restore(
      progress.average ?? WeightAverage.Progress(), tensors: named, for: parameters)
    self.average = average
    state = initialState.replacingTensors(
      with: try initialState.tensors.enumerated().map {
        try stored.tensor(at: "state.\($0.offset)", shape: $0.element.shape, .zeros)
      })
    self.progress = progress
  }
}
