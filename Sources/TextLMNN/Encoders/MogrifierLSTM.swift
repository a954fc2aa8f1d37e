public import TextLMTensors

/// One layer of long short-term memory before whose steps input and state scale each other.
///
/// ```
/// round i = 1, 3, …:  x ← 2σ(Wᵢ h₋₁ + bᵢ) x          round i = 2, 4, …:  h₋₁ ← 2σ(Wᵢ x + bᵢ) h₋₁
/// i, f, g, o = W_ih x + W_hh h₋₁ + b
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(c)
/// ```
///
/// Parameters, H being `hiddenSize` and D `inputSize`: `weight_ih_l0` [4H, D], `weight_hh_l0` [4H, H],
/// `bias_ih_l0` [4H], and for each round, from `mogrify_l0.1` on, `bias`, [D] and [H] in turn, and
/// `weight`, [D, H] and [H, D] in turn, or with a rank K its factors `left` [D, K] and `right` [K, H]
/// and so on.
///
/// Reference: Gábor Melis, Tomáš Kočiský and Phil Blunsom, "Mogrifier LSTM", 2020.
public struct MogrifierLSTM: CausalEncoder {
  private struct Round {
    /// One matrix, or two factors.
    let factors: [Parameter]
    let bias: Parameter

    /// The matrix; the product of its factors is computed once a pass.
    func matrix(in pass: ForwardPass) -> Tensor {
      let first = pass.value(of: factors[0])
      guard factors.count == 2 else { return first }
      let second = pass.value(of: factors[1])
      return pass.projectedTable(first, weight: second) { pass.matmul(first, second) }
    }
  }

  /// Width of the inputs.
  public let inputSize: Int
  /// H, the width of outputs and states.
  public let hiddenSize: Int
  private let rounds: [Round]
  private let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let bias: Parameter

  /// A layer of `roundCount` rounds, of matrices of rank `rank`, or any if it is 0; its parameters'
  /// names end in `suffix`.
  ///
  /// New weights are Glorot's for the input and orthogonal for the recurrence; those of rounds are
  /// small, so that a new layer is nearly an LSTM. The forget gates' bias is 1, all others 0.
  public init(
    inputSize: Int, hiddenSize: Int, roundCount: Int, rank: Int = 0, suffix: String = "l0",
    in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    inputWeight = try scope.parameter(
      "weight_ih_\(suffix)", [4 * hiddenSize, inputSize], .gates(count: 4, .xavierUniform()))
    recurrentWeight = try scope.parameter(
      "weight_hh_\(suffix)", [4 * hiddenSize, hiddenSize], .gates(count: 4, .orthogonal()))
    bias = try scope.parameter(
      "bias_ih_\(suffix)", [4 * hiddenSize], .lstmBias(hiddenSize: hiddenSize))
    rounds = try (0..<roundCount).map { index in
      let scope = scope["mogrify_\(suffix)"][index + 1]
      let (outputs, inputs) =
        index.isMultiple(of: 2) ? (inputSize, hiddenSize) : (hiddenSize, inputSize)
      let factors =
        rank == 0
        ? [try scope.parameter("weight", [outputs, inputs], .xavierUniform(gain: 0.1))]
        : [
          try scope.parameter("left", [outputs, rank], .xavierUniform(gain: 0.3)),
          try scope.parameter("right", [rank, inputs], .xavierUniform(gain: 0.3)),
        ]
      return Round(factors: factors, bias: try scope.parameter("bias", [outputs], .zeros))
    }
  }

  /// The number of parameters of a layer.
  public static func parameterCount(
    inputSize: Int, hiddenSize: Int, roundCount: Int, rank: Int
  ) -> Int {
    let matrix = rank == 0 ? inputSize * hiddenSize : rank * (inputSize + hiddenSize)
    let biases = (roundCount + 1) / 2 * inputSize + roundCount / 2 * hiddenSize
    return 4 * hiddenSize * (inputSize + hiddenSize + 1) + roundCount * matrix + biases
  }

  /// The width of the outputs, `hiddenSize`.
  public var outputSize: Int { hiddenSize }

  /// Zeros.
  public func initialState(batchSize: Int) -> LSTMState {
    LSTMState(
      hidden: Tensor(zeros: [batchSize, hiddenSize]), cell: Tensor(zeros: [batchSize, hiddenSize]))
  }

  /// Runs the layer over T steps.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    let values = MogrifierValues(
      rounds: rounds.map { ($0.matrix(in: pass), pass.value(of: $0.bias)) },
      inputWeight: pass.value(of: inputWeight),
      recurrentWeight: pass.recurrentWeight(of: recurrentWeight), bias: pass.value(of: bias))
    return pass.mogrifier(input, values, restarts: restarts, state: &state)
  }

  /// Runs the layer over T steps of sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout LSTMState, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
