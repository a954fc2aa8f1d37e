/// A query that asks a memory of the last steps several times over.
///
/// The equations, shapes and sources are those of `MemoryNetwork`.
public struct MemN2NArchitecture: CausalArchitecture {
  /// `memn2n`.
  public static let name = "memn2n"
  /// Width, hops, memory and what its slots and the query are made of.
  public static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 2...16384, standard: 256, "width of slots, queries and outputs"),
    .count("hops", in: 1...64, standard: 3, "times that the memory is asked"),
    .count("memory_size", in: 2...65536, standard: 100, "slots, one for each of the last steps"),
    .count("slot_size", in: 1...64, standard: 4, "steps that a slot holds, the paper's being 1"),
    .count(
      "query_size", in: 0...64, standard: 8,
      "last steps that the first query is made of; 0 for the paper's constant"),
  ]
  /// Nothing of its state is multiplied with weights.
  public static let hasRecurrentWeights = false

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var size: Int { values.count("hidden_size") }
  private var slotCount: Int { values.count("memory_size") }

  /// The width.
  public var outputSize: Int { size }

  /// The memory and what its oldest slot holds, or what the query is made of.
  public var receptiveField: Int? {
    max(slotCount + values.count("slot_size") - 1, values.count("query_size"))
  }

  /// d (I k + 1) for memory, content and query of k steps, 2 S d for times and d² for the hops.
  public func parameterCount(inputSize: Int) -> Int {
    MemoryNetwork.parameterCount(
      inputSize: inputSize, size: size, slotCount: slotCount,
      slotSize: values.count("slot_size"), querySize: values.count("query_size"))
  }

  /// Memory and content with what was before; for each hop three vectors of scores, weights, two parts
  /// read and their sum, the next query with its parts.
  public func activationCount(inputSize: Int) -> Int {
    6 * size + values.count("hops") * (8 * size + 5 * slotCount) + 3 * inputSize
  }

  /// A network with its memory.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> MemoryNetwork {
    try MemoryNetwork(
      inputSize: inputSize, size: size, hopCount: values.count("hops"), slotCount: slotCount,
      slotSize: values.count("slot_size"), querySize: values.count("query_size"), in: scope)
  }
}
