public import TextLMTensors

extension ForwardPass {
  /// Weight normalization: each row v of `direction` [O, ..] becomes g v / ‖v‖, with its gain g of `gain`
  /// [O].
  ///
  /// Reference: Tim Salimans and Diederik Kingma, "Weight Normalization", 2016.
  public func weightNorm(direction: Tensor, gain: Tensor) -> Tensor {
    let norms = direction.rowNorms()
    let factors = Tensor(zip(gain.array, norms.array).map { $0 / $1 }, shape: gain.shape)
    let output = direction.scalingRows(by: factors)
    tape?.record(output: output, inputs: [direction, gain]) { gradient in
      let result = direction.weightNormGradients(gradient, gain: gain, norms: norms)
      return [result.direction, result.gain]
    }
    return output
  }
}
