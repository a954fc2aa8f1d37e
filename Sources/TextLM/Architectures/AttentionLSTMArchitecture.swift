/// Layers of long short-term memory whose top states attend to the ones before them.
///
/// The equations, shapes and sources are those of `AttentionLSTM`.
public struct AttentionLSTMArchitecture: CausalArchitecture {
  /// `attention-lstm`.
  public static let name = "attention-lstm"
  /// Layers, width, window, score and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 1, "LSTM layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .count("window", in: 1...4096, standard: 32, "earlier states that are attended to"),
    .choice(
      "attention", of: ["dot", "additive"], standard: "dot",
      "how states are compared: by Luong's product, or by Bahdanau's additive score, slower"),
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
  private var isAdditive: Bool { values.choice("attention") == "additive" }

  /// H.
  public var outputSize: Int { hiddenSize }

  /// The layers', and 3H² or, additive, 4H² + H for the attention.
  public func parameterCount(inputSize: Int) -> Int {
    let gates = 4 * hiddenSize
    return gates * (inputSize + hiddenSize + 2)
      + (layerCount - 1) * gates * (2 * hiddenSize + 2)
      + AttentionLSTM.attentionParameterCount(hiddenSize: hiddenSize, isAdditive: isAdditive)
  }

  /// The layers' as of `lstm`, and for the attention states and keys with those before, the query,
  /// scores, weights and their mask, what is read, and the output's two parts, sum and tanh.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 8 * hiddenSize + 12 * hiddenSize + 5 * values.count("window")
  }

  /// Layers with PyTorch's parameter names, and the attention's.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> AttentionLSTM {
    try AttentionLSTM(
      inputSize: inputSize, hiddenSize: hiddenSize, layerCount: layerCount,
      window: values.count("window"), isAdditive: isAdditive,
      dropoutRate: Float(values.rate("dropout")), in: scope)
  }
}
