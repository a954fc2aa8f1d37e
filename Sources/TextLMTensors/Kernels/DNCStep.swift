import CTextLMKernels

/// The sizes of a differentiable neural computer's memory, which one head writes.
package struct DNCLayout: Sendable, Equatable {
  /// N, places that can be addressed.
  package var slotCount: Int
  /// W, numbers in each.
  package var slotSize: Int
  /// R, heads that read.
  package var readHeadCount: Int
  /// Whether no gradient goes from the usage back to the write weighting before.
  package var stopsUsageGradient: Bool

  /// Nothing but the fields.
  package init(slotCount: Int, slotSize: Int, readHeadCount: Int, stopsUsageGradient: Bool = false)
  {
    self.slotCount = slotCount
    self.slotSize = slotSize
    self.readHeadCount = readHeadCount
    self.stopsUsageGradient = stopsUsageGradient
  }

  var kernelValue: tlm_dnc {
    tlm_dnc(
      slots: slotCount, width: slotSize, read_heads: readHeadCount,
      stops_usage: stopsUsageGradient)
  }

  /// Numbers that a controller tells the heads at each step.
  package var interfaceSize: Int {
    withUnsafePointer(to: kernelValue) { tlm_dnc_interface_size($0) }
  }

  /// Numbers that a step keeps for its gradient.
  package var traceSize: Int { withUnsafePointer(to: kernelValue) { tlm_dnc_trace_size($0) } }

  /// Shapes of the states of B rows: memory [B, W, N], usage [B, N], precedence [B, N], links
  /// [B, N, N], read weightings [B, R, N] and write weighting [B, N].
  package func stateShapes(batchSize: Int) -> [Shape] {
    let (slots, heads) = (slotCount, readHeadCount)
    return [
      [batchSize, slotSize, slots], [batchSize, slots], [batchSize, slots],
      [batchSize, slots, slots], [batchSize, heads, slots], [batchSize, slots],
    ]
  }
}

/// One step of a differentiable neural computer's heads and memory, with what its gradient needs.
///
/// Reads are of the memory after the step. States are those of `DNCLayout.stateShapes`, in its order.
package struct DNCStep {
  /// What each read head found, [B, R · W].
  package let reads: Tensor
  /// The states after the step.
  package let states: [Tensor]
  private let trace: Tensor
  private let layout: DNCLayout
  private let interface: Tensor
  private let statesBefore: [Tensor]

  /// From what the controller says, [B, interfaceSize], and the states before.
  package init(_ layout: DNCLayout, interface: Tensor, states: [Tensor]) {
    let batchSize = interface.shape[0]
    let stateShapes = layout.stateShapes(batchSize: batchSize)
    require(
      interface.shape == [batchSize, layout.interfaceSize] && states.map(\.shape) == stateShapes,
      "dnc: interface \(interface.shape), states \(states.map(\.shape))")
    let readShape: Shape = [batchSize, layout.readHeadCount * layout.slotSize]
    let results = withExtendedLifetime((interface, states)) {
      Tensor.written(stateShapes + [readShape, [batchSize, layout.traceSize]]) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_dnc_forward(
            $0, batchSize, interface.address, Self.kernelState(states), addresses[6],
            Self.kernelState(addresses), addresses[7])
        }
      }
    }
    (self.states, reads, trace) = (Array(results[..<6]), results[6], results[7])
    (self.layout, self.interface, statesBefore) = (layout, interface, states)
  }

  /// Gradients of the interface and of the states before, from those of the reads and of the states
  /// after; nil is zero.
  package func gradients(reads: Tensor?, states stateGradients: [Tensor?]) -> [Tensor] {
    withExtendedLifetime((interface, statesBefore, states, trace, reads, stateGradients)) {
      Tensor.written([interface.shape] + states.map(\.shape)) { addresses in
        withUnsafePointer(to: layout.kernelValue) {
          tlm_dnc_backward(
            $0, interface.shape[0], interface.address, Self.kernelState(statesBefore),
            Self.kernelState(states), trace.address, reads?.address,
            Self.kernelState(stateGradients), addresses[0],
            Self.kernelState(Array(addresses.dropFirst())))
        }
      }
    }
  }

  /// Addresses of the states; the kernels only read those that come from tensors.
  private static func kernelState(_ tensors: [Tensor?]) -> tlm_dnc_state {
    kernelState(tensors.map { $0.map { UnsafeMutablePointer(mutating: $0.address) } })
  }

  private static func kernelState(_ addresses: [UnsafeMutablePointer<Float>?]) -> tlm_dnc_state {
    tlm_dnc_state(
      memory: addresses[0], usage: addresses[1], precedence: addresses[2], links: addresses[3],
      reading: addresses[4], writing: addresses[5])
  }
}
