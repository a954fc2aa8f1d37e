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

  /// Some neighbouring steps of a sequence [T, B, D].
  func steps(_ range: Range<Int>, of input: Tensor) -> Tensor {
    if range == 0..<input.shape[0] { return input }
    let output = input[rows: range].detached()
    let shape = input.shape
    tape?.record(output: output, inputs: [input]) { gradient in
      func zeros(_ count: Int) -> Tensor { Tensor(zeros: [count, shape[1], shape[2]]) }
      return [
        Tensor(
          stacking: [zeros(range.lowerBound), gradient, zeros(shape[0] - range.upperBound)])
      ]
    }
    return output
  }

  /// Sequences [T1, B, D], [T2, B, D], .. one after the other.
  func joinInTime(_ parts: [Tensor]) -> Tensor {
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
