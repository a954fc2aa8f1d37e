import Synchronization

/// A block of float32 numbers with a shape: a value, immutable once made, free to copy and to send
/// between threads.
///
/// Elements lie row by row without gaps. Copies, reshaped tensors and slices share memory.
/// Arithmetic that gradients flow through belongs to the forward pass of the layers' module; what a
/// tensor itself offers is making, reading and viewing.
public struct Tensor: Sendable, Identifiable {
  /// Names a tensor's elements for as long as the process runs; never used twice.
  ///
  /// Copies and reshaped tensors keep it, everything else gets a new one. Gradients and caches of
  /// packed weights are filed under it.
  public struct ID: Hashable, Sendable {
    private let number: UInt64
    private static let lastNumber = Atomic<UInt64>(0)

    /// An identity that no tensor has had.
    static func next() -> ID {
      ID(number: lastNumber.wrappingAdd(1, ordering: .relaxed).newValue)
    }
  }

  /// Sizes along the axes.
  public let shape: Shape
  /// The identity of these elements.
  public internal(set) var id: ID
  /// Shared memory, of which this tensor is the part from `offset` on.
  var storage: TensorStorage
  var offset: Int

  init(shape: Shape, storage: TensorStorage, offset: Int, id: ID = .next()) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
    self.id = id
  }

  /// A tensor whose elements `body` writes, every one of them, at the address it is given.
  init(shape: Shape, writing body: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
    let storage = TensorStorage(count: shape.count)
    try withExtendedLifetime(storage) { try body(storage.address) }
    self.init(shape: shape, storage: storage, offset: 0)
  }

  /// A tensor whose elements `body` writes: the buffer arrives with undefined contents and must be
  /// filled.
  package init(
    unsafeUninitialized shape: Shape,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    try self.init(shape: shape) { address in
      try body(UnsafeMutableBufferPointer(start: address, count: shape.count))
    }
  }

  /// A tensor of the given elements, row by row.
  ///
  /// Requires as many values as the shape has elements.
  public init(_ values: [Float], shape: Shape) {
    require(
      values.count == shape.count,
      "tensor: \(values.count) values for shape \(shape), which has \(shape.count) elements")
    self.init(unsafeUninitialized: shape) { elements in
      _ = elements.update(fromContentsOf: values)
    }
  }

  /// A tensor with the same number everywhere.
  public init(repeating value: Float, shape: Shape) {
    self.init(unsafeUninitialized: shape) { $0.update(repeating: value) }
  }

  /// A tensor of zeros.
  public init(zeros shape: Shape) {
    self.init(repeating: 0, shape: shape)
  }

  /// A single number, of shape `[]`.
  public init(_ value: Float) {
    self.init(repeating: value, shape: [])
  }
}
