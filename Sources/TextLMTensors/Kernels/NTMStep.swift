import CTextLMKernels

/// The sizes of a neural Turing machine's memory and heads.
package struct NTMLayout: Sendable, Equatable {
  /// N, places that can be addressed.
  package var slotCount: Int
  /// W, numbers in each.
  package var slotSize: Int
  /// Heads that read.
  package var readHeadCount: Int
  /// Heads that write.
  package var writeHeadCount: Int
  /// S, odd: a head shifts its focus by −(S − 1) / 2 to (S − 1) / 2 slots.
  package var shiftCount: Int

  /// Nothing but the fields.
  package init(
    slotCount: Int, slotSize: Int, readHeadCount: Int, writeHeadCount: Int, shiftCount: Int
  ) {
    self.slotCount = slotCount
    self.slotSize = slotSize
    self.readHeadCount = readHeadCount
    self.writeHeadCount = writeHeadCount
    self.shiftCount = shiftCount
  }

  var kernelValue: tlm_ntm {
    tlm_ntm(
      slots: slotCount, width: slotSize, read_heads: readHeadCount, write_heads: writeHeadCount,
      shifts: shiftCount)
  }

  /// All heads.
  package var headCount: Int { readHeadCount + writeHeadCount }

  /// Numbers that a controller tells the heads at each step.
  package var interfaceSize: Int {
    withUnsafePointer(to: kernelValue) { tlm_ntm_interface_size($0) }
  }

  /// Numbers that a step keeps for its gradient.
  package var traceSize: Int { withUnsafePointer(to: kernelValue) { tlm_ntm_trace_size($0) } }
}

/// One step of a neural Turing machine's heads and memory, with what its gradient needs.
///
/// Reads are of the memory before the step. Weightings are kept as logarithms z, and any numbers
/// stand for softmax(z), so that every state is a valid one.
package struct NTMStep {
  /// What each read head found, [B, R · W].
  package let reads: Tensor
  /// ln w of each head, [B, heads, N].
  package let logits: Tensor
  /// [B, W, N]: element w of all slots side by side.
  package let memory: Tensor
  private let trace: Tensor
  private let layout: NTMLayout
  private let interface: Tensor
  private let memoryBefore: Tensor

  /// From what the controller says, [B, interfaceSize], and the states before.
  package init(_ layout: NTMLayout, interface: Tensor, logits: Tensor, memory: Tensor) {
    let batchSize = memory.shape[0]
    require(
      interface.shape == [batchSize, layout.interfaceSize]
        && logits.shape == [batchSize, layout.headCount, layout.slotCount]
        && memory.shape == [batchSize, layout.slotSize, layout.slotCount],
      "ntm: interface \(interface.shape), weightings \(logits.shape), memory \(memory.shape)")
    let shapes: [Shape] = [
      [batchSize, layout.readHeadCount * layout.slotSize], logits.shape, memory.shape,
      [batchSize, layout.traceSize],
    ]
    let results = withExtendedLifetime((interface, logits, memory)) {
      Tensor.written(shapes) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_ntm_forward(
            $0, batchSize, interface.address, logits.address, memory.address, addresses[0],
            addresses[1], addresses[2], addresses[3])
        }
      }
    }
    (reads, self.logits, self.memory) = (results[0], results[1], results[2])
    trace = results[3]
    (self.layout, self.interface, memoryBefore) = (layout, interface, memory)
  }

  /// Gradients of interface, weightings and memory before, from those after; nil is zero.
  package func gradients(reads: Tensor?, logits logitGradient: Tensor?, memory: Tensor?) -> [Tensor]
  {
    withExtendedLifetime((interface, memoryBefore, trace, reads, logitGradient, memory)) {
      Tensor.written([interface.shape, logits.shape, memoryBefore.shape]) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_ntm_backward(
            $0, memoryBefore.shape[0], interface.address, memoryBefore.address, trace.address,
            reads?.address, logitGradient?.address, memory?.address, addresses[0], addresses[1],
            addresses[2])
        }
      }
    }
  }
}
