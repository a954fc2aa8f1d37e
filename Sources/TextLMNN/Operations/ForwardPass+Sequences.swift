public import TextLMTensors

extension ForwardPass {
  /// The rows of `table` [V, E] that the tokens name, [T, B, E]. Requires tokens in 0 ..< V.
  public func gather(_ tokens: TokenBatch, from table: Tensor) -> Tensor {
    let output = table.gatheringRows(tokens.tokens, leading: [tokens.timeLength, tokens.batchSize])
    let rowCount = table.shape[0]
    tape?.record(output: output, inputs: [table]) { gradient in
      [gradient.scatteringRows(tokens.tokens, rowCount: rowCount)]
    }
    return output
  }

  /// A sequence [T, B, D] cut into neighbouring parts of the given lengths, [T1, B, D], [T2, B, D], ..
  ///
  /// The parts share its memory, and their gradients are put together once for all of them. Requires
  /// lengths that add up to T.
  public func splitInTime(_ input: Tensor, lengths: [Int]) -> [Tensor] {
    let time = input.shape[0]
    require(
      lengths.reduce(0, +) == time, "split: parts of \(lengths) steps of a sequence \(input.shape)")
    if lengths == [time] { return [input] }
    var start = 0
    let parts = lengths.map { length in
      defer { start += length }
      return input[rows: start..<start + length]
    }
    let shapes = parts.map(\.shape)
    tape?.record(outputs: parts, inputs: [input.id]) { gradients in
      [Tensor(stacking: zip(gradients, shapes).map { $0 ?? Tensor(zeros: $1) })]
    }
    return parts
  }

  /// The steps of a sequence [T, B, D], each [B, D]; see `splitInTime`.
  public func steps(of input: Tensor) -> [Tensor] {
    let stepShape = Shape(Array(input.shape.dimensions.dropFirst()))
    return splitInTime(input, lengths: Array(repeating: 1, count: input.shape[0]))
      .map { $0.reshaped(to: stepShape) }
  }

  /// Steps [B, D] as a sequence [T, B, D]; the reverse of `steps(of:)`. Requires at least one.
  public func sequence(of steps: [Tensor]) -> Tensor {
    joinInTime(steps.map { $0.reshaped(to: Shape([1] + $0.shape.dimensions)) })
  }

  /// Sequences [T1, B, D], [T2, B, D], .. one after the other.
  public func joinInTime(_ parts: [Tensor]) -> Tensor {
    if parts.count == 1 { return parts[0] }
    let output = Tensor(stacking: parts)
    tape?.record(output: output, inputs: parts) { gradient in
      var start = 0
      return parts.map { part in
        defer { start += part.shape[0] }
        return gradient[rows: start..<start + part.shape[0]]
      }
    }
    return output
  }

  /// A sequence [T, B, D] with zeros at the padding, t >= lengths[b].
  public func zeroPadding(_ input: Tensor, lengths: [Int]) -> Tensor {
    if lengths.allSatisfy({ $0 == input.shape[0] }) { return input }
    let output = input.zeroingPadding(lengths: lengths)
    tape?.record(output: output, inputs: [input]) { [$0.zeroingPadding(lengths: lengths)] }
    return output
  }

  /// A sequence [T, B, D] whose row b has its first lengths[b] steps in opposite order and its
  /// padding as it was.
  public func reverseInTime(_ input: Tensor, lengths: [Int]) -> Tensor {
    let output = input.reversedInTime(lengths: lengths)
    tape?.record(output: output, inputs: [input]) { [$0.reversedInTime(lengths: lengths)] }
    return output
  }

  /// Two tensors side by side: [.., W1] and [.., W2] make [.., W1 + W2]. Requires equal leading
  /// axes.
  public func concatenate(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output = left.joiningColumns(of: right)
    let (leftWidth, width) = (left.shape.width, output.shape.width)
    tape?.record(output: output, inputs: [left, right]) { gradient in
      [gradient.columns(0..<leftWidth), gradient.columns(leftWidth..<width)]
    }
    return output
  }
}
