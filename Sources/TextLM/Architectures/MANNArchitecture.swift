import TextLMTensors

/// A memory-augmented network with least-recently-used access, made to learn from single examples.
///
/// The equations, first values and sources are those of `MANN`.
public struct MANNArchitecture: CausalArchitecture {
  /// `mann`.
  public static let name = "mann"
  /// Sizes of controller and memory, and how many heads there are.
  public static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 1...16384, standard: 200, "width H of the controller"),
    MemoryHyperparameters.controller,
    .count("slots", in: 1...65536, standard: 128, "places N of the memory"),
    .count("slot_size", in: 1...4096, standard: 40, "numbers W in each place"),
    .count("heads", in: 1...64, standard: 4, "heads that read and write, no more than slots"),
    .count(
      "key_strength", in: 0...1, standard: 0,
      "1 lets heads say how sharply they compare, which reading among many slots needs"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  /// Refuses more heads than slots, since each head writes to a slot of its own.
  public static func validate(_ values: Hyperparameters) throws(ArchitectureError) {
    let (heads, slots) = (values.count("heads"), values.count("slots"))
    guard heads <= slots else {
      throw .combination(
        architecture: name,
        problem: "\(heads) heads need \(heads) slots or more, but there are \(slots): set more "
          + "slots or fewer heads")
    }
  }

  private var hiddenSize: Int { values.count("hidden_size") }
  private var kind: MemoryController.Kind { values.controllerKind }
  private var slotCount: Int { values.count("slots") }
  private var slotSize: Int { values.count("slot_size") }
  private var headCount: Int { values.count("heads") }
  private var hasStrengths: Bool { values.count("key_strength") == 1 }
  private var readSize: Int { headCount * slotSize }
  private var interfaceSize: Int { headCount * (slotSize + (hasStrengths ? 2 : 1)) }

  /// 0.002.
  public var standardLearningRate: Double { MemoryHyperparameters.learningRate }

  /// H + R W: the controller's output beside what was read.
  public var outputSize: Int { hiddenSize + readSize }

  /// The controller's, and R (H + 1) (W + 1) for the heads, or W + 2 with strengths.
  public func parameterCount(inputSize: Int) -> Int {
    MemoryController.parameterCount(
      kind, inputSize: inputSize, hiddenSize: hiddenSize, readSize: readSize)
      + (hiddenSize + 1) * interfaceSize
  }

  /// The controller's, all states of the memory, and what heads say and keep.
  public func activationCount(inputSize: Int) -> Int {
    let layout = LRUALayout(slotCount: slotCount, slotSize: slotSize, headCount: headCount)
    return MemoryController.activationCount(kind, hiddenSize: hiddenSize, readSize: readSize)
      + 4 * interfaceSize + layout.traceSize + readSize
      + (slotSize + 2 * headCount + 1) * slotCount
  }

  /// A controller with its memory.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> MANN {
    try MANN(
      inputSize: inputSize, hiddenSize: hiddenSize, controller: kind, slotCount: slotCount,
      slotSize: slotSize, headCount: headCount, hasStrengths: hasStrengths, in: scope)
  }
}
