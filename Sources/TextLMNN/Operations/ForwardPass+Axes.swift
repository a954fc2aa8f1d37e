public import TextLMTensors

extension ForwardPass {
  /// The same elements with axes in another order: axis `axes[j]` of the input becomes axis j.
  ///
  /// Requires each axis once.
  public func permute(_ input: Tensor, _ axes: [Int]) -> Tensor {
    let output = input.permuted(axes)
    tape?.record(output: output, inputs: [input]) { gradient in
      var inverse = axes
      for (place, axis) in axes.enumerated() { inverse[axis] = place }
      return [gradient.permuted(inverse)]
    }
    return output
  }

  /// The part of `input` with indices `range` along `axis`.
  ///
  /// To take a tensor apart, `split` gives gradients that are not zero-filled part by part. Requires a
  /// range inside the axis.
  public func slice(_ input: Tensor, _ range: Range<Int>, axis: Int) -> Tensor {
    let size = input.shape[axis]
    if range == 0..<size { return input }
    let output = input.slice(range, axis: axis)
    tape?.record(output: output, inputs: [input]) { gradient in
      [gradient.placedInZeros(axis: axis, start: range.lowerBound, size: size)]
    }
    return output
  }

  /// `input` cut along `axis` into parts of these sizes, which must add up to the axis's.
  public func split(_ input: Tensor, _ sizes: [Int], axis: Int) -> [Tensor] {
    require(
      sizes.reduce(0, +) == input.shape[axis],
      "split: sizes \(sizes) of axis \(axis) of \(input.shape)")
    if sizes.count == 1 { return [input] }
    var start = 0
    let parts = sizes.map { size in
      defer { start += size }
      return input.slice(start..<start + size, axis: axis)
    }
    tape?.record(outputs: parts, inputs: [input.id]) { gradients in
      let all = zip(gradients, parts).map { $0 ?? Tensor(zeros: $1.shape) }
      return [Tensor(joining: all, axis: axis)]
    }
    return parts
  }

  /// Tensors one after the other along `axis`. Requires equal sizes along the other axes, and at least
  /// one tensor.
  public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    if parts.count == 1 { return parts[0] }
    let output = Tensor(joining: parts, axis: axis)
    let sizes = parts.map { $0.shape[axis] }
    tape?.record(output: output, inputs: parts) { gradient in
      var start = 0
      return sizes.map { size in
        defer { start += size }
        return gradient.slice(start..<start + size, axis: axis)
      }
    }
    return output
  }
}
