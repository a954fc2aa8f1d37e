import CTextLMKernels

/// Causal self-attention of several heads over a window of steps, with the keys and values of earlier
/// steps in rings.
///
/// ```
/// out[p] = Σⱼ softmaxⱼ(q[p] · k[j] / √width) v[j], for max(0, p − context + 1) <= j <= p
/// ```
///
/// for each head by itself. Letters: T steps, B rows, D = heads · width.
///
/// References: Ashish Vaswani et al., "Attention Is All You Need", 2017; Jianlin Su et al., "RoFormer:
/// Enhanced Transformer with Rotary Position Embedding", 2021.
package struct CausalAttention {
  /// Cosines and sines of the angles by which queries and keys are turned, [T, B, width / 2] each.
  package struct Rotation {
    fileprivate let cosines: Tensor
    fileprivate let sines: Tensor

    /// For rows whose first steps are at `positions`. The last element of an odd width is not turned.
    package init(timeLength: Int, positions: [Int], headSize: Int) {
      let shape: Shape = [timeLength, positions.count, headSize / 2]
      var sines = Tensor(shape: shape) { _ in }
      cosines = Tensor(shape: shape) { cosines in
        sines.overwrite { _, sines in
          tlm_rotary_angles(
            timeLength, positions.count, headSize, positions.map { Int64($0) }, cosines, sines)
        }
      }
      self.sines = sines
    }
  }

  /// Number of heads.
  package let headCount: Int
  /// Steps that a query sees at most, itself included.
  package let context: Int
  /// Whether a query sees what is since the last multiple of `context` instead of a sliding window.
  package let isBlocked: Bool
  /// The position of each row's first step, [B].
  package let positions: [Int]
  /// Nil for none.
  package let rotation: Rotation?
  /// Rate and key of the weights' dropout; nil for none.
  package let dropout: (rate: Float, key: UInt64)?

  /// Nothing but the fields.
  package init(
    headCount: Int, context: Int, isBlocked: Bool, positions: [Int], rotation: Rotation?,
    dropout: (rate: Float, key: UInt64)?
  ) {
    self.headCount = headCount
    self.context = context
    self.isBlocked = isBlocked
    self.positions = positions
    self.rotation = rotation
    self.dropout = dropout
  }

  /// The outputs [T, B, D] for queries, keys and values side by side, [T, B, 3D].
  ///
  /// Writes the new steps into the rings [B, context, D], in place where nobody else holds them.
  package func callAsFunction(
    _ projected: Tensor, keys: inout Tensor, values: inout Tensor
  ) -> Tensor {
    let (time, batch, width) = (projected.shape[0], positions.count, keys.shape[2])
    let ring: Shape = [batch, context, width]
    require(
      projected.shape == [time, batch, 3 * width] && keys.shape == ring && values.shape == ring
        && width.isMultiple(of: headCount),
      """
      attention: \(projected.shape) with \(headCount) heads and rings \(keys.shape), \
      \(values.shape) of \(context) steps
      """)
    return withExtendedLifetime((projected, rotation?.cosines, rotation?.sines)) {
      Tensor(shape: [time, batch, width]) { output in
        keys.overwrite { before, keys in
          if before != UnsafePointer(keys) { keys.update(from: before, count: ring.count) }
          values.overwrite { before, values in
            if before != UnsafePointer(values) { values.update(from: before, count: ring.count) }
            withKernelValue(time: time, width: width) {
              tlm_attention_forward(&$0, projected.address, keys, values, output)
            }
          }
        }
      }
    }
  }

  /// The weight of each step's query at each of the T steps, [B, heads, T, T], before dropout.
  package func weights(
    _ projected: Tensor, keys: Tensor, values: Tensor
  ) -> Tensor {
    let (time, batch) = (projected.shape[0], positions.count)
    return withExtendedLifetime((projected, keys, values, rotation?.cosines, rotation?.sines)) {
      Tensor(shape: [batch, headCount, time, time]) { weights in
        withKernelValue(time: time, width: keys.shape[2]) {
          tlm_attention_weights(
            &$0, projected.address, keys.address, values.address, weights)
        }
      }
    }
  }

  /// Gradients of the projections and of the rings before, given that of the outputs and those of the
  /// rings after; nil is zero.
  ///
  /// `projected`, `keys` and `values` are as they were before.
  package func gradients(
    _ outputGradient: Tensor?, keysAfter: Tensor?, valuesAfter: Tensor?, projected: Tensor,
    keys: Tensor, values: Tensor
  ) -> (projected: Tensor, keys: Tensor, values: Tensor) {
    let (time, batch, width) = (projected.shape[0], positions.count, keys.shape[2])
    let fromAbove = outputGradient ?? Tensor(zeros: [time, batch, width])
    var keysGradient = Tensor(shape: keys.shape) { _ in }
    var valuesGradient = Tensor(shape: keys.shape) { _ in }
    let kept = (projected, keys, values, fromAbove, keysAfter, valuesAfter)
    let projectedGradient = withExtendedLifetime((kept, rotation?.cosines, rotation?.sines)) {
      Tensor(shape: projected.shape) { projectedGradient in
        keysGradient.overwrite { _, keysGradient in
          valuesGradient.overwrite { _, valuesGradient in
            withKernelValue(time: time, width: width) {
              tlm_attention_backward(
                &$0, projected.address, keys.address, values.address, fromAbove.address,
                keysAfter?.address, valuesAfter?.address, projectedGradient, keysGradient,
                valuesGradient)
            }
          }
        }
      }
    }
    return (projectedGradient, keysGradient, valuesGradient)
  }

  private func withKernelValue(time: Int, width: Int, _ body: (inout tlm_attention) -> Void) {
    positions.map { Int64($0) }.withUnsafeBufferPointer { positions in
      var value = tlm_attention(
        T: time, B: positions.count, heads: headCount, width: width / headCount, context: context,
        positions: positions.baseAddress, is_blocked: isBlocked, cosines: rotation?.cosines.address,
        sines: rotation?.sines.address, dropout_rate: dropout?.rate ?? 0,
        dropout_key: dropout?.key ?? 0)
      body(&value)
    }
  }
}
