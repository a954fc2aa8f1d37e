import CTextLMKernels

/// The memory behind tensors: `count` float32 elements, 64-byte aligned, from the kernels' pool.
///
/// `@unchecked Sendable` rests on this invariant: elements are written only while exactly one owner
/// holds the storage, that is by the initialiser of the tensor that creates it, or by
/// `Tensor.overwrite`, which asks `isKnownUniquelyReferenced` first. Whatever is shared, between
/// tensors or between threads, never changes again.
final class TensorStorage: @unchecked Sendable {
  let address: UnsafeMutablePointer<Float>
  private let byteCount: Int

  /// Memory with undefined contents.
  init(count: Int) {
    byteCount = max(count, 1) * MemoryLayout<Float>.stride
    guard let memory = tlm_allocate(byteCount) else {
      fatalError("out of memory: a tensor of \(count) elements needs \(byteCount) bytes")
    }
    address = memory.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit {
    tlm_release(address, byteCount)
  }
}
