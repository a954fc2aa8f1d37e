import CTextLMKernels

/// The sizes of a memory with least-recently-used access.
package struct LRUALayout: Sendable, Equatable {
  /// N, places that can be addressed.
  package var slotCount: Int
  /// W, numbers in each.
  package var slotSize: Int
  /// R, heads that read and write; no more than slots.
  package var headCount: Int
  /// What of the usage stays a step.
  package var usageDecay: Float

  /// Nothing but the fields.
  package init(slotCount: Int, slotSize: Int, headCount: Int, usageDecay: Float = 0.95) {
    self.slotCount = slotCount
    self.slotSize = slotSize
    self.headCount = headCount
    self.usageDecay = usageDecay
  }

  var kernelValue: tlm_lrua {
    tlm_lrua(slots: slotCount, width: slotSize, heads: headCount, usage_decay: usageDecay)
  }

  /// Numbers that a step keeps for its gradient.
  package var traceSize: Int { withUnsafePointer(to: kernelValue) { tlm_lrua_trace_size($0) } }
}

/// One step of least-recently-used access, with what its gradient needs.
///
/// Reads are of the memory after the step.
package struct LRUAStep {
  /// What a controller says: keys [B, R, W], write gates before σ and strengths [B, R] each.
  package struct Interface {
    var keys: Tensor
    var gates: Tensor
    var strengths: Tensor

    /// Nothing but the fields.
    package init(keys: Tensor, gates: Tensor, strengths: Tensor) {
      self.keys = keys
      self.gates = gates
      self.strengths = strengths
    }

    fileprivate var tensors: [Tensor] { [keys, gates, strengths] }
  }

  /// What each head found, [B, R · W].
  package let reads: Tensor
  /// Memory [B, W, N], read weightings [B, R, N] and usage [B, N] after the step.
  package let states: [Tensor]
  /// Write weightings, [B, R, N].
  package let writing: Tensor
  private let trace: Tensor
  private let layout: LRUALayout
  private let interface: Interface
  private let statesBefore: [Tensor]

  /// From what the controller says and the states before, in the order of `states`.
  package init(_ layout: LRUALayout, interface: Interface, states: [Tensor]) {
    let (slots, size, heads) = (layout.slotCount, layout.slotSize, layout.headCount)
    let batchSize = interface.keys.shape[0]
    let stateShapes: [Shape] = [
      [batchSize, size, slots], [batchSize, heads, slots], [batchSize, slots],
    ]
    require(
      interface.tensors.map(\.shape) == [
        [batchSize, heads, size], [batchSize, heads], [batchSize, heads],
      ] && states.map(\.shape) == stateShapes && heads <= slots,
      """
      lrua: interface \(interface.tensors.map(\.shape)), states \(states.map(\.shape)) of \(heads) \
      heads
      """)
    let shapes: [Shape] = [
      [batchSize, heads * size], stateShapes[1], [batchSize, layout.traceSize],
    ]
    let results = withExtendedLifetime((interface, states)) {
      Tensor.written(stateShapes + shapes) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_lrua_forward(
            $0, batchSize, interface.keys.address, interface.gates.address,
            interface.strengths.address, states[0].address, states[1].address, states[2].address,
            addresses[3], addresses[0], addresses[1], addresses[2], addresses[4], addresses[5])
        }
      }
    }
    (self.states, reads) = (Array(results[..<3]), results[3])
    (writing, trace) = (results[4], results[5])
    (self.layout, self.interface, statesBefore) = (layout, interface, states)
  }

  /// Gradients of keys, gates, strengths and the states before, from those of the reads, of the
  /// states after and of the write weightings; nil is zero.
  package func gradients(
    reads: Tensor?, states stateGradients: [Tensor?], writing writingGradient: Tensor?
  ) -> [Tensor] {
    let shapes = (interface.tensors + statesBefore).map(\.shape)
    return withExtendedLifetime(
      (interface, statesBefore, states, trace, reads, stateGradients, writing, writingGradient)
    ) {
      Tensor.written(shapes) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_lrua_backward(
            $0, interface.keys.shape[0], interface.keys.address, interface.gates.address,
            interface.strengths.address, statesBefore[1].address, states[0].address,
            states[1].address, writing.address, trace.address, reads?.address,
            stateGradients[0]?.address, stateGradients[1]?.address, stateGradients[2]?.address,
            writingGradient?.address, addresses[0], addresses[1], addresses[2], addresses[3],
            addresses[4], addresses[5])
        }
      }
    }
  }
}
