/// What all architectures with a memory beside a controller can be told.
enum MemoryHyperparameters {
  /// The kind of the controller.
  static let controller = Hyperparameter.choice(
    "controller", of: MemoryController.Kind.allCases.map(\.rawValue), standard: "lstm",
    "the network beside the memory; feed-forward has no state of its own, so only slots remember")

  /// The greatest learning rate: addressing is easily shaken out of what it has learned.
  static let learningRate = 0.002
}

extension Hyperparameters {
  /// The kind of the controller.
  var controllerKind: MemoryController.Kind {
    let name = choice(MemoryHyperparameters.controller.name)
    guard let kind = MemoryController.Kind(rawValue: name) else {
      preconditionFailure("no controller is called \(name)")
    }
    return kind
  }
}
