/// Why a safetensors file cannot be read or written. The caller adds the file's name.
public enum SafetensorsError: Error, Equatable, Sendable {
  /// The file is shorter than its own header says, or than the header itself.
  case truncated(expected: Int, found: Int)
  /// Bytes follow the last tensor.
  case trailingBytes(expected: Int, found: Int)
  /// The header has more bytes than allowed; also what files of other formats look like.
  case headerTooLarge(byteCount: UInt64, limit: Int)
  /// The header is not the JSON it must be.
  case header(JSONError)
  /// The header is JSON with a wrong type or range somewhere.
  case field(JSONFieldError)
  /// The file has more tensors than allowed.
  case tooManyTensors(count: Int, limit: Int)
  /// A tensor's name has more bytes than allowed.
  case nameTooLong(byteCount: Int, limit: Int)
  /// A tensor has more dimensions than allowed.
  case tooManyDimensions(name: String, count: Int, limit: Int)
  /// A type nobody knows.
  case unknownDType(name: String, dtype: String)
  /// The sizes multiply to more than fits, or to a broken number of bytes.
  case impossibleShape(name: String, dtype: SafetensorsDType, shape: [Int])
  /// The offsets and the shape disagree about the number of bytes.
  case sizeMismatch(name: String, expected: Int, found: Int)
  /// A tensor does not begin where the one before it ends.
  case notContiguous(name: String, expected: Int, found: Int)
  /// The file has no tensor of this name.
  case missingTensor(name: String)
  /// A tensor has another type than asked for.
  case wrongDType(name: String, expected: SafetensorsDType, found: SafetensorsDType)
  /// A tensor has another shape than asked for.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// The file should carry a checksum and does not.
  case missingChecksum(key: String)
  /// The checksum in the file and the one of its content differ.
  case checksumMismatch(key: String, expected: String, found: String)
  /// Two tensors or metadata keys to be written have the same name, or one that is reserved.
  case nameTaken(String)
}
