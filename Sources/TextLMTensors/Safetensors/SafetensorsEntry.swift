/// One tensor to be written: a name, a type, a shape, and access to its bytes.
///
/// The bytes are asked for while writing and never copied into one large buffer, so that saving
/// takes no memory beyond the model's own.
public struct SafetensorsEntry: Sendable {
  /// Lends the bytes, little-endian and row-major, for the duration of the call.
  public typealias Bytes = @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// The tensor's name, opaque bytes of at most 4 KiB.
  public let name: String
  /// The type of the elements.
  public let dtype: SafetensorsDType
  /// The sizes, slowest first; empty for a scalar.
  public let shape: [Int]
  let withBytes: Bytes

  /// A tensor whose bytes somebody else owns; they must be the same at every call.
  public init(
    name: String, dtype: SafetensorsDType, shape: [Int], withBytes: @escaping Bytes
  ) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.withBytes = withBytes
  }

  /// A float32 tensor.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, dtype: .float32, shape: shape) { try floats.withUnsafeBytes($0) }
  }

  /// An int32 tensor.
  public init(name: String, shape: [Int], int32s: [Int32]) {
    self.init(name: name, dtype: .int32, shape: shape) { try int32s.withUnsafeBytes($0) }
  }

  /// An int64 tensor.
  public init(name: String, shape: [Int], int64s: [Int64]) {
    self.init(name: name, dtype: .int64, shape: shape) { try int64s.withUnsafeBytes($0) }
  }

  /// A uint64 tensor, such as the state of a random source.
  public init(name: String, shape: [Int], uint64s: [UInt64]) {
    self.init(name: name, dtype: .uint64, shape: shape) { try uint64s.withUnsafeBytes($0) }
  }
}

#if !_endian(little)
  #error("safetensors files are little-endian and textlm copies their bytes as they are")
#endif
