import TextLMTensors

/// A neural Turing machine: a controller with a memory that it addresses by content and by place.
///
/// The equations, first values and sources are those of `NTM`.
public struct NTMArchitecture: CausalArchitecture {
  /// `ntm`.
  public static let name = "ntm"
  /// Sizes of controller and memory, and how many heads there are.
  public static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 1...16384, standard: 100, "width H of the controller"),
    MemoryHyperparameters.controller,
    .count("slots", in: 1...65536, standard: 128, "places N of the memory"),
    .count("slot_size", in: 1...4096, standard: 20, "numbers W in each place"),
    .count("read_heads", in: 1...64, standard: 1, "heads that read at each step"),
    .count("write_heads", in: 1...64, standard: 1, "heads that write at each step"),
    .count("shift_range", in: 0...64, standard: 1, "slots that a head can move by in a step"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var hiddenSize: Int { values.count("hidden_size") }
  private var kind: MemoryController.Kind { values.controllerKind }
  private var layout: NTMLayout {
    NTMLayout(
      slotCount: values.count("slots"), slotSize: values.count("slot_size"),
      readHeadCount: values.count("read_heads"), writeHeadCount: values.count("write_heads"),
      shiftCount: 2 * values.count("shift_range") + 1)
  }
  private var readSize: Int { layout.readHeadCount * layout.slotSize }

  /// 0.002.
  public var standardLearningRate: Double { MemoryHyperparameters.learningRate }

  /// H + R W: the controller's output beside what was read.
  public var outputSize: Int { hiddenSize + readSize }

  /// The controller's, and (H + 1) (W + 3 + S) for each head with 2 (H + 1) W more for those that write.
  public func parameterCount(inputSize: Int) -> Int {
    MemoryController.parameterCount(
      kind, inputSize: inputSize, hiddenSize: hiddenSize, readSize: readSize)
      + (hiddenSize + 1) * layout.interfaceSize
  }

  /// The controller's, the memory, and what heads say and keep.
  public func activationCount(inputSize: Int) -> Int {
    let (slots, size) = (layout.slotCount, layout.slotSize)
    return MemoryController.activationCount(kind, hiddenSize: hiddenSize, readSize: readSize)
      + 2 * layout.interfaceSize + layout.traceSize + (size + layout.headCount) * slots + readSize
  }

  /// A controller with its memory.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> NTM {
    try NTM(
      inputSize: inputSize, hiddenSize: hiddenSize, controller: kind,
      slotCount: layout.slotCount, slotSize: layout.slotSize,
      readHeadCount: layout.readHeadCount, writeHeadCount: layout.writeHeadCount,
      shiftRange: values.count("shift_range"), in: scope)
  }
}
