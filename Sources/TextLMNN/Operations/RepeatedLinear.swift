public import TextLMTensors

/// y = x Wᵀ + b, applied step after step: the gradients of W and b are computed once from all steps
/// together, instead of as a matrix at each.
///
/// Belongs to one pass and to one run over a sequence.
public final class RepeatedLinear {
  private struct Use {
    let input: Tensor
    let gradient: Tensor
  }

  private let weight: Tensor
  private let bias: Tensor?
  private let pass: ForwardPass
  private let isTrained: Bool
  /// Stands for the weights on the tape: it comes before all uses there, so its gradient, which says
  /// nothing but that there was one, is asked for when they are all done.
  private let marker = Tensor(zeros: [0])
  private let uses = Uses()

  /// Apart from the layer, so that the tape does not hold the pass that holds it.
  private final class Uses {
    var list: [Use] = []
  }

  /// A map with a weight [O, I] and a bias [O].
  public init(weight: Tensor, bias: Tensor? = nil, _ pass: ForwardPass) {
    self.weight = weight
    self.bias = bias
    self.pass = pass
    isTrained = pass.tracks(weight) || (bias.map(pass.tracks) ?? false)
    let (uses, precision) = (uses, pass.precision)
    let hasBias = bias != nil
    pass.tape?.record(
      outputs: [marker], inputs: [weight.id] + (bias.map { [$0.id] } ?? [])
    ) { _ in
      let gradients = Tensor(stacking: uses.list.map(\.gradient))
      let inputs = Tensor(stacking: uses.list.map(\.input))
      uses.list = []
      return [Tensor.product(gradients, inputs, transposeLeft: true, precision: precision)]
        + (hasBias ? [gradients.columnSums()] : [])
    }
  }

  /// x Wᵀ + b, or x Wᵀ + base in its place where there is one: [B, I] becomes [B, O].
  public func callAsFunction(_ input: Tensor, addedTo base: Tensor? = nil) -> Tensor {
    let matrix = pass.packed(weight, transposed: true)
    let output =
      base.map { input.multiplied(by: matrix, addedTo: $0) }
      ?? input.multiplied(by: matrix, adding: bias)
    guard let tape = pass.tape else { return output }
    let (uses, packs, weight, isTrained) = (uses, pass.packs, weight, isTrained)
    let isInputTracked = pass.tracks(input)
    let marker = Tensor(zeros: [0])
    tape.record(
      outputs: [output], inputs: [input.id, self.marker.id] + (base.map { [$0.id] } ?? [])
    ) { gradients in
      guard let gradient = gradients[0] else { return [] }
      if isTrained { uses.list.append(Use(input: input, gradient: gradient)) }
      return [
        isInputTracked
          ? gradient.multiplied(by: packs.packed(weight, transposed: false)) : nil, marker,
        gradient,
      ]
    }
    return output
  }
}
