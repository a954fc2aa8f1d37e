import CTextLMKernels

/// What follows the sum of a layer's pre-activations.
public enum Nonlinearity: String, Sendable, Codable, CaseIterable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu

  var kernelValue: tlm_nonlinearity {
    switch self {
    case .tanh: TLM_ELMAN_TANH
    case .relu: TLM_ELMAN_RELU
    }
  }
}

/// What a layer of Elman's network computed over a whole sequence, kept for its backward pass:
/// h = nonlinearity(W_ih x + b + W_hh h₋₁).
package struct ElmanTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  private let nonlinearity: Nonlinearity
  /// Where a row's state is zero before a step, [T, B]; nil for nowhere.
  private let restarts: [Bool]?

  /// Runs all steps given the input's part of the pre-activations, which is written over where
  /// nobody else holds it.
  ///
  /// `weight` is W_hh transposed; the initial state is [B, H], and before a step at which `restarts`
  /// [T, B] is true for a row, its state is zero.
  package init(
    _ input: consuming RecurrentInput, nonlinearity: Nonlinearity, weight: PackedMatrix,
    initialHidden: Tensor, restarts: [Bool]?
  ) {
    let shape = input.shape("RNN")
    let (time, batch, hiddenSize) = (shape[0], shape[1], weight.inputSize)
    require(
      shape[2] == hiddenSize && weight.outputSize == hiddenSize,
      "RNN: input \(shape) and weights [\(weight.outputSize), \(hiddenSize)] do not match")
    require(
      initialHidden.shape == [batch, hiddenSize],
      "RNN: state \(initialHidden.shape) is not [\(batch), \(hiddenSize)]")
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "RNN: restarts are not given for \(time) steps of \(batch) rows")
    let (tokens, table) = input.source
    var hidden = input.workspace(shape)
    withExtendedLifetime((weight, table, initialHidden)) {
      hidden.overwriteInPlace { hidden in
        tlm_elman_forward(
          time, batch, hiddenSize, nonlinearity.kernelValue, weight.handle, tokens, table?.address,
          initialHidden.address, restarts, hidden)
      }
    }
    (self.hidden, self.initialHidden) = (hidden, initialHidden)
    (self.nonlinearity, self.restarts) = (nonlinearity, restarts)
  }

  /// Gradients of the pre-activations [T, B, H] and of the initial state [B, H].
  ///
  /// Takes the gradients of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. `weight` is W_hh as it is.
  package func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, weight: PackedMatrix
  ) -> (preactivations: Tensor, initialHidden: Tensor) {
    let (time, batch, hiddenSize) = (hidden.shape[0], hidden.shape[1], hidden.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: hidden.shape)
    var initialGradient = Tensor(shape: initialHidden.shape) { _ in }
    let preactivations = withExtendedLifetime((weight, lastHidden)) {
      hidden.mapped(with: fromAbove, to: hidden.shape) { hidden, fromAbove, preactivations in
        initialGradient.overwriteInPlace { initialGradient in
          tlm_elman_backward(
            time, batch, hiddenSize, nonlinearity.kernelValue, weight.handle, hidden, restarts,
            fromAbove, lastHidden?.address, preactivations, initialGradient)
        }
      }
    }
    return (preactivations, initialGradient)
  }
}
