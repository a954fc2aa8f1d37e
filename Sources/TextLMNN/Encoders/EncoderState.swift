public import TextLMTensors

/// What a causal encoder remembers of the steps so far.
///
/// The first axis of each of its tensors is the batch.
public protocol EncoderState: Sendable {
  /// The same state with each tensor replaced by what `transform` makes of it, always in the same
  /// order.
  ///
  /// `transform` keeps shapes.
  func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Self
}

extension EncoderState {
  /// The same state, through which no gradient flows back: what truncated backpropagation carries
  /// from one step to the next.
  public func detached() -> Self {
    mapTensors { $0.detached() }
  }

  /// All tensors of the state, in a fixed order.
  public var tensors: [Tensor] {
    var tensors: [Tensor] = []
    _ = mapTensors { tensor in
      tensors.append(tensor)
      return tensor
    }
    return tensors
  }

  /// The same state with other tensors, as when it is read back from a file.
  ///
  /// Requires as many tensors as `tensors` has, of the same shapes.
  public func replacingTensors(with replacements: [Tensor]) -> Self {
    var remaining = replacements[...]
    let state = mapTensors { tensor in
      guard let next = remaining.popFirst() else {
        fatalError("encoder state: \(replacements.count) tensors are too few")
      }
      require(
        next.shape == tensor.shape,
        "encoder state: a tensor of shape \(next.shape) in place of \(tensor.shape)")
      return next
    }
    require(remaining.isEmpty, "encoder state: \(replacements.count) tensors are too many")
    return state
  }
}
