public import TextLMTensors

extension ForwardPass {
  /// max(x, 0), element by element.
  public func relu(_ input: Tensor) -> Tensor { activate(input, .relu) }

  /// x / (1 + e^−x), element by element.
  ///
  /// Reference: Stefan Elfwing, Eiji Uchibe and Kenji Doya, "Sigmoid-weighted linear units", 2018.
  public func silu(_ input: Tensor) -> Tensor { activate(input, .silu) }

  /// x Φ(x), element by element, Φ being the part of a standard normal variable's distribution below
  /// x: (1 + erf(x / √2)) / 2.
  ///
  /// Reference: Dan Hendrycks and Kevin Gimpel, "Gaussian Error Linear Units", 2016.
  public func gelu(_ input: Tensor) -> Tensor { activate(input, .gelu) }

  private func activate(_ input: Tensor, _ function: Activation) -> Tensor {
    let output = input.activated(by: function)
    tape?.record(output: output, inputs: [input]) { gradient in
      [input.activationGradient(of: function, gradient)]
    }
    return output
  }

  /// softmax(x + mask) along the last axis: each row [.., W] becomes positive numbers of sum 1.
  ///
  /// A mask [.., W] with fewer rows is repeated over the leading axes; no gradient flows to it. It
  /// may hold −∞, and a row in which nothing remains gives zeros. Requires that the mask's rows divide
  /// the input's.
  public func softmax(_ input: Tensor, adding mask: Tensor? = nil) -> Tensor {
    let output = input.softmax(adding: mask)
    tape?.record(output: output, inputs: [input]) { [output.softmaxGradient($0)] }
    return output
  }
}
