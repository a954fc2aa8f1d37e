import TextLMTensors

/// A differentiable neural computer: a controller with a memory whose slots are given out while they are
/// free and read in the order of writing too.
///
/// The equations and sources are those of `DNC`.
public struct DNCArchitecture: CausalArchitecture {
  /// `dnc`.
  public static let name = "dnc"
  /// Sizes of controller and memory, and how many heads there are.
  public static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 1...16384, standard: 128, "width H of the controller"),
    MemoryHyperparameters.controller,
    .count("slots", in: 1...4096, standard: 32, "places N of the memory; work grows with N²"),
    .count("slot_size", in: 1...4096, standard: 32, "numbers W in each place"),
    .count("read_heads", in: 1...64, standard: 2, "heads that read at each step"),
    .count(
      "usage_gradient", in: 0...1, standard: 1,
      "0 keeps gradients from going back through the slots' usage, as in the authors' code"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var hiddenSize: Int { values.count("hidden_size") }
  private var kind: MemoryController.Kind { values.controllerKind }
  private var layout: DNCLayout {
    DNCLayout(
      slotCount: values.count("slots"), slotSize: values.count("slot_size"),
      readHeadCount: values.count("read_heads"),
      stopsUsageGradient: values.count("usage_gradient") == 0)
  }
  private var readSize: Int { layout.readHeadCount * layout.slotSize }

  /// 0.002.
  public var standardLearningRate: Double { MemoryHyperparameters.learningRate }

  /// H + R W: the controller's output beside what was read.
  public var outputSize: Int { hiddenSize + readSize }

  /// The controller's, and (H + 1) (W R + 3W + 5R + 3) for the heads.
  public func parameterCount(inputSize: Int) -> Int {
    MemoryController.parameterCount(
      kind, inputSize: inputSize, hiddenSize: hiddenSize, readSize: readSize)
      + (hiddenSize + 1) * layout.interfaceSize
  }

  /// The controller's, all states of the memory, and what heads say and keep.
  public func activationCount(inputSize: Int) -> Int {
    MemoryController.activationCount(kind, hiddenSize: hiddenSize, readSize: readSize)
      + 2 * layout.interfaceSize + layout.traceSize + readSize
      + layout.stateShapes(batchSize: 1).reduce(0) { $0 + $1.count }
  }

  /// A controller with its memory.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> DNC {
    try DNC(
      inputSize: inputSize, hiddenSize: hiddenSize, controller: kind,
      slotCount: layout.slotCount, slotSize: layout.slotSize,
      readHeadCount: layout.readHeadCount, stopsUsageGradient: layout.stopsUsageGradient,
      in: scope)
  }
}
