/// Long short-term memory whose gates see the last few characters.
///
/// The equations, shapes and sources are those of `WindowLSTM`.
public struct WindowLSTMArchitecture: CausalArchitecture {
  /// `window-lstm`.
  public static let name = "window-lstm"
  /// Width and window.
  public static let hyperparameters: [Hyperparameter] = [
    .count("hidden_size", in: 1...16384, standard: 256, "width H"),
    .count("window", in: 2...32, standard: 4, "characters that the gates see"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var hiddenSize: Int { values.count("hidden_size") }
  private var window: Int { values.count("window") }

  /// H.
  public var outputSize: Int { hiddenSize }

  /// 4H (KI + H + 2) + 2H for a window K and an input of width I.
  public func parameterCount(inputSize: Int) -> Int {
    4 * hiddenSize * (window * inputSize + hiddenSize + 2) + 2 * hiddenSize
  }

  /// Gates, the recurrence's part of them, cell, output and its gradient.
  public func activationCount(inputSize: Int) -> Int { 12 * hiddenSize }

  /// The layer.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> WindowLSTM {
    try WindowLSTM(
      inputSize: inputSize, hiddenSize: hiddenSize, window: window, in: scope)
  }
}
