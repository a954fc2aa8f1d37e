public import TextLMTensors

extension ForwardPass {
  /// The mean of −log of the probability of bits, in nats, of shape `[]`:
  /// max(x, 0) − x y + ln(1 + e^−|x|) for the logit x of a bit y.
  ///
  /// Logits and targets are [.., W]; of the rows only those count for which `isCounted` says so, and
  /// the mean is over all their elements, 0 where there are none. The sum is accumulated in Double.
  /// Requires equal shapes and a flag a row.
  public func binaryCrossEntropy(
    _ logits: Tensor, targets: Tensor, isCounted: [Bool]
  ) -> Tensor {
    let factor = 1 / Double(max(isCounted.count { $0 } * logits.shape.width, 1))
    let output = Tensor(
      Float(logits.binaryCrossEntropySum(targets: targets, isCounted: isCounted) * factor))
    tape?.record(output: output, inputs: [logits]) { gradient in
      [
        logits.sigmoid().scaledDifference(
          from: targets, factor: Float(factor) * gradient.item, isCounted: isCounted)
      ]
    }
    return output
  }

  /// The mean of (x − y)², of shape `[]`.
  ///
  /// Shapes, counting and requirements are those of `binaryCrossEntropy`.
  public func meanSquaredError(
    _ output: Tensor, targets: Tensor, isCounted: [Bool]
  ) -> Tensor {
    let factor = 1 / Double(max(isCounted.count { $0 } * output.shape.width, 1))
    let loss = Tensor(
      Float(output.squaredErrorSum(targets: targets, isCounted: isCounted) * factor))
    tape?.record(output: loss, inputs: [output]) { gradient in
      [
        output.scaledDifference(
          from: targets, factor: 2 * Float(factor) * gradient.item, isCounted: isCounted)
      ]
    }
    return loss
  }
}
