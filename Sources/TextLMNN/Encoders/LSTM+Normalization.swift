import TextLMTensors

extension LSTM {
  /// Layer normalization inside a layer: of each gate's pre-activation, input's and recurrence's part
  /// by itself, and of the cell before its tanh.
  ///
  /// ```
  /// i, f, g, o = LN(W_ih x) γ_ih + LN(W_hh h₋₁) γ_hh + b_ih + b_hh
  /// h = σ(o) tanh(LN(c) γ_c + β_c)
  /// ```
  ///
  /// LN is by gate, over its H units, with ε = 10⁻⁵. Parameters: `norm_ih_weight_l0` and
  /// `norm_hh_weight_l0` [4H], `norm_c_weight_l0` and `norm_c_bias_l0` [H]; gains are 1 and the bias 0
  /// at first.
  ///
  /// References: Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, "Layer Normalization", 2016; Tim
  /// Cooijmans et al., "Recurrent Batch Normalization", 2017, for the places.
  struct Normalization {
    private static let epsilon: Float = 1e-5
    private let inputGain: Parameter
    private let recurrentGain: Parameter
    private let cellGain: Parameter
    private let cellBias: Parameter

    init(hiddenSize: Int, suffix: String, in scope: ParameterScope) throws {
      inputGain = try scope.parameter("norm_ih_weight_\(suffix)", [4 * hiddenSize], .constant(1))
      recurrentGain = try scope.parameter(
        "norm_hh_weight_\(suffix)", [4 * hiddenSize], .constant(1))
      cellGain = try scope.parameter("norm_c_weight_\(suffix)", [hiddenSize], .constant(1))
      cellBias = try scope.parameter("norm_c_bias_\(suffix)", [hiddenSize], .zeros)
    }

    /// LN(W_ih x) γ_ih + b.
    func normalizeInput(_ product: Tensor, bias: Tensor, _ pass: ForwardPass) -> Tensor {
      pass.layerNorm(
        product, gain: pass.value(of: inputGain), bias: bias, groupCount: 4, epsilon: Self.epsilon)
    }

    /// What the recurrence needs.
    func values(in pass: ForwardPass) -> LSTMVariant.Normalization {
      LSTMVariant.Normalization(
        recurrentGain: pass.value(of: recurrentGain), cellGain: pass.value(of: cellGain),
        cellBias: pass.value(of: cellBias), epsilon: Self.epsilon)
    }
  }

  /// Units that now and then keep what they had instead of taking what is new, so that a state cannot
  /// be relied on to be fresh.
  ///
  /// ```
  /// c = z c₋₁ + (1 − z) (σ(f) c₋₁ + σ(i) tanh(g))
  /// h = z h₋₁ + (1 − z) σ(o) tanh(σ(f) c₋₁ + σ(i) tanh(g))
  /// ```
  ///
  /// In training z is 1 with the probability given here and else 0, drawn for each unit, row and step;
  /// in inference it is the probability itself. Reference: David Krueger et al., "Zoneout:
  /// Regularizing RNNs by Randomly Preserving Hidden Activations", 2017.
  public struct Zoneout: Sendable, Equatable {
    /// Of a cell state being kept.
    public let cell: Float
    /// Of an output being kept.
    public let hidden: Float

    /// None.
    public static let none = Zoneout(cell: 0, hidden: 0)

    /// Requires probabilities in 0 ..< 1.
    public init(cell: Float, hidden: Float) {
      for rate in [cell, hidden] {
        require(rate >= 0 && rate < 1, "zoneout: the rate \(rate) is not in 0 ..< 1")
      }
      self.cell = cell
      self.hidden = hidden
    }
  }
}
