/// Layers of long short-term memory with a key–value memory of what followed their earlier states.
///
/// The equations, shapes and sources are those of `KeyValueMemory`.
public struct KeyValueMemoryArchitecture: CausalArchitecture {
  /// `kv-memory`.
  public static let name = "kv-memory"
  /// Layers, widths, slots, hops and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 1, "LSTM layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .count("key_size", in: 1...16384, standard: 128, "width of keys, values and queries"),
    .count("memory_size", in: 2...65536, standard: 128, "slots, one for each of the last steps"),
    .count("hops", in: 1...64, standard: 2, "times that the memory is asked"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var hiddenSize: Int { values.count("hidden_size") }
  private var keySize: Int { values.count("key_size") }
  private var hopCount: Int { values.count("hops") }

  /// H + d.
  public var outputSize: Int { hiddenSize + keySize }

  /// The layers', 2 d H for keys and queries, d I for values and d² for each hop.
  public func parameterCount(inputSize: Int) -> Int {
    let gates = 4 * hiddenSize
    return gates * (inputSize + hiddenSize + 2)
      + (layerCount - 1) * gates * (2 * hiddenSize + 2)
      + keySize * (2 * hiddenSize + inputSize) + hopCount * keySize * keySize
  }

  /// The layers' as of `lstm`; keys and values with those before, the query; for each hop scores,
  /// weights and mask, what is read, its sum with the query and the next one; and the output.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 8 * hiddenSize + 6 * keySize + 2 * (hiddenSize + keySize)
      + hopCount * (5 * keySize + 4 * values.count("memory_size"))
  }

  /// Layers with PyTorch's parameter names, and the memory's.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> KeyValueMemory {
    try KeyValueMemory(
      inputSize: inputSize, hiddenSize: hiddenSize, layerCount: layerCount, keySize: keySize,
      slotCount: values.count("memory_size"), hopCount: hopCount,
      dropoutRate: Float(values.rate("dropout")), in: scope)
  }
}
