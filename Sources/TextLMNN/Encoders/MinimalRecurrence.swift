public import TextLMTensors

/// A recurrent layer whose gates see the input alone, so that its matrix products are over whole
/// sequences and nothing but sums of two terms is left from step to step.
///
/// ```
/// minimal GRU:   h = (1 − σ(z)) h₋₁ + σ(z) g(a)                              z, a = W x
/// minimal LSTM:  h = (σ(f) h₋₁ + σ(i) g(a)) / (σ(f) + σ(i))               f, i, a = W x
/// g(a) = a + 0.5 where a >= 0, else σ(a)
/// ```
///
/// Parameter: `weight_ih` [2H, D] or [3H, D], in the order of the gates. g is positive so that a
/// parallel machine could add up logarithms; here the steps are taken one after the other, in
/// training as in generation.
///
/// Reference: Leo Feng et al., "Were RNNs All We Needed?", 2024.
public struct MinimalRecurrence: CausalEncoder {
  /// Which of the two.
  public enum Kind: Sendable {
    case gru, lstm

    var scan: Scan {
      switch self {
      case .gru: .minGRU
      case .lstm: .minLSTM
      }
    }

    /// Gates of a unit.
    public var gateCount: Int { scan.gateCount }
  }

  /// Which of the two.
  public let kind: Kind
  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let weight: Parameter

  /// A layer whose new weights are Glorot's for each gate.
  public init(_ kind: Kind, inputSize: Int, hiddenSize: Int, in scope: ParameterScope) throws {
    self.kind = kind
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    weight = try scope.parameter(
      "weight_ih", [kind.gateCount * hiddenSize, inputSize],
      .gates(count: kind.gateCount, .xavierUniform()))
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> HiddenState {
    HiddenState(hidden: kind.scan.initialState(batchSize: batchSize, width: hiddenSize))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    let gates = pass.linear(input, weight: pass.value(of: weight))  // [T, B, G · H]
    return pass.scan(
      kind.scan, gates: consume gates, restarts: restarts, state: &state.hidden)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout HiddenState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
