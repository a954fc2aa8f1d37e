public import TextLMTensors

extension ForwardPass {
  /// Zeroes each element with probability `rate` and divides the rest by 1 − rate, so that the mean
  /// stays.
  ///
  /// With locked dropout a sequence [T, B, D] has one mask [B, D] for all its steps. Returns the
  /// input unchanged in inference and at rate 0, drawing nothing. Requires 0 <= rate < 1.
  public func dropout(_ input: Tensor, rate: Float) -> Tensor {
    let isLocked = regularization.isDropoutLocked && input.shape.rank == 3
    return masking(input, rate: rate) { tensor, key in
      isLocked
        ? tensor.droppingAlike(rate: rate, key: key) : tensor.dropping(rate: rate, key: key)
    }
  }

  /// The value of an embedding's table [V, E] in this pass, with rows dropped as the regularization
  /// says: a token is then gone from the whole window.
  public func embeddingTable(of parameter: Parameter) -> Tensor {
    let rate = regularization.embeddingDropout
    return masked(parameter) { table in
      masking(table, rate: rate) { $0.droppingRows(rate: rate, key: $1) }
    }
  }

  /// The value of a recurrent weight in this pass, with elements dropped as the regularization says:
  /// the same at all steps and in all rows of the window.
  public func recurrentWeight(of parameter: Parameter) -> Tensor {
    let rate = regularization.weightDrop
    return masked(parameter) { weight in
      masking(weight, rate: rate) { $0.dropping(rate: rate, key: $1) }
    }
  }

  /// A function that multiplies with a mask, which is its own gradient's.
  private func masking(
    _ input: Tensor, rate: Float, _ mask: @escaping (Tensor, _ key: UInt64) -> Tensor
  ) -> Tensor {
    require(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in 0 ..< 1")
    guard mode == .training, rate > 0 else { return input }
    let key = random.next()
    let output = mask(input, key)
    tape?.record(output: output, inputs: [input]) { [mask($0, key)] }
    return output
  }
}
