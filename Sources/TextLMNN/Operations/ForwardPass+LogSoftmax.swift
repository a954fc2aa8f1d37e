public import TextLMTensors

extension ForwardPass {
  /// ln softmax(z) along the last axis: logits [.., V] become log-probabilities [.., V].
  ///
  /// ```
  /// y = z − ln Σ e^z;  dz = dy − e^y Σ dy
  /// ```
  ///
  /// Exact also where a probability is too small for float32, which the logarithm of `softmax` is not.
  /// Requires at least one axis and V of at least 1.
  public func logSoftmax(_ logits: Tensor) -> Tensor {
    require(
      logits.shape.rank > 0 && logits.shape.width > 0, "log softmax: \(logits.shape) has no classes"
    )
    let column = logits.shape.replacingWidth(1)
    // What any one class costs, with its logit added, is the logarithm of the sum.
    let firstCosts = logits.crossEntropyLosses(
      targets: [Int32](repeating: 0, count: logits.shape.rowCount))
    let logSums = firstCosts.reshaped(to: column).adding(logits.columns(0..<1))
    let output = logits.combined(.subtract, with: logSums)
    tape?.record(output: output, inputs: [logits]) { gradient in
      let sums = gradient.summed(to: column)
      return [
        gradient.combined(.subtract, with: output.exponential().combined(.multiply, with: sums))
      ]
    }
    return output
  }
}
