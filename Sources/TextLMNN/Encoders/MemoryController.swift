public import TextLMTensors

/// The network that reads the input and what was read from a memory, and says what to do with it.
///
/// ```
/// a = W_ih x + b + W_hh [h₋₁; r₋₁]   LSTM: i, f, g, o = a
/// a = W_ih x + b + W_hh r₋₁          feed-forward: h = tanh a
/// ```
///
/// Parameters: `weight_ih_l0` [G, I], `weight_hh_l0` [G, H + R] or [G, R], and `bias_ih_l0` [G], with
/// G = 4H or H, for inputs of width I, an output of width H and reads of width R.
public struct MemoryController: Sendable {
  /// What kind of network it is.
  public enum Kind: String, Sendable, CaseIterable {
    /// Remembers by itself too.
    case lstm
    /// Remembers nothing, so all memory is in the slots: easier to see through and to generalise.
    case feedForward = "feed-forward"
  }

  /// What kind of network it is.
  public let kind: Kind
  /// I, the width of the inputs.
  public let inputSize: Int
  /// H, the width of the output.
  public let hiddenSize: Int
  let inputWeight: Parameter
  private let recurrentWeight: Parameter
  private let bias: Parameter

  /// A controller that also gets reads of width `readSize`.
  init(
    _ kind: Kind, inputSize: Int, hiddenSize: Int, readSize: Int, in scope: ParameterScope
  ) throws {
    self.kind = kind
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    switch kind {
    case .lstm:
      inputWeight = try scope.parameter(
        "weight_ih_l0", [4 * hiddenSize, inputSize], .gates(count: 4, .xavierUniform()))
      recurrentWeight = try scope.parameter(
        "weight_hh_l0", [4 * hiddenSize, hiddenSize + readSize], .gates(count: 4, .orthogonal()))
      bias = try scope.parameter(
        "bias_ih_l0", [4 * hiddenSize], .lstmBias(hiddenSize: hiddenSize))
    case .feedForward:
      inputWeight = try scope.parameter("weight_ih_l0", [hiddenSize, inputSize], .xavierUniform())
      recurrentWeight = try scope.parameter("weight_hh_l0", [hiddenSize, readSize], .orthogonal())
      bias = try scope.parameter("bias_ih_l0", [hiddenSize], .zeros)
    }
  }

  /// Parameters of a controller of these sizes.
  public static func parameterCount(
    _ kind: Kind, inputSize: Int, hiddenSize: Int, readSize: Int
  ) -> Int {
    switch kind {
    case .lstm: 4 * hiddenSize * (inputSize + hiddenSize + readSize + 1)
    case .feedForward: hiddenSize * (inputSize + readSize + 1)
    }
  }

  /// Floats that a training pass keeps for each step of a controller.
  ///
  /// The input's part of the pre-activations and its gradient, the whole and its gradient, the gates,
  /// cell and output, and the output beside the reads, as input and as output.
  public static func activationCount(_ kind: Kind, hiddenSize: Int, readSize: Int) -> Int {
    let gateCount = (kind == .lstm ? 4 : 1) * hiddenSize
    return 5 * gateCount + 4 * hiddenSize + 2 * (hiddenSize + readSize)
  }

  /// Zeros.
  func initialState(batchSize: Int) -> MemoryControllerState {
    let zeros = Tensor(zeros: [batchSize, hiddenSize])
    return kind == .lstm ? .lstm(LSTMState(hidden: zeros, cell: zeros)) : .none
  }

  /// W_ih x + b on the last axis: [.., I] becomes [.., G].
  func project(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(input, weight: pass.value(of: inputWeight), bias: pass.value(of: bias))
  }

  /// W_hh for a run over a sequence.
  func recurrence(_ pass: ForwardPass) -> RepeatedLinear {
    RepeatedLinear(weight: pass.recurrentWeight(of: recurrentWeight), pass)
  }

  /// One step from the input's part of the pre-activations [B, G] and the reads [B, R]: h [B, H].
  ///
  /// `joined` is [h₋₁; r₋₁] where it is there already.
  func step(
    _ projected: Tensor, reads: Tensor, joined: Tensor?, state: inout MemoryControllerState,
    _ recurrence: RepeatedLinear, _ pass: ForwardPass
  ) -> Tensor {
    switch state {
    case .lstm(let before):
      let input = joined ?? pass.concatenate(before.hidden, reads)  // [B, H + R]
      let after = pass.lstmCell(recurrence(input, addedTo: projected), cell: before.cell)
      state = .lstm(after)
      return after.hidden
    case .none:
      return pass.tanh(recurrence(reads, addedTo: projected))
    }
  }
}

/// What a memory's controller remembers by itself.
public enum MemoryControllerState: EncoderState {
  /// h and c of an LSTM.
  case lstm(LSTMState)
  /// Nothing.
  case none

  /// Maps h, then c, where there are any.
  public func mapTensors(
    _ transform: (Tensor) throws -> Tensor
  ) rethrows -> MemoryControllerState {
    switch self {
    case .lstm(let state): .lstm(try state.mapTensors(transform))
    case .none: .none
    }
  }
}
