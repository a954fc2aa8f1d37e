/// An array in NumPy's format, version 1.0: float32 in little-endian order, the last axis fastest.
///
/// Six bytes `\x93NUMPY`, the version, the header's length in two bytes, and the header, a Python literal
/// that is padded with spaces and ended by a line feed so that the numbers begin at a multiple of 64.
///
/// Reference: NumPy's documentation, "numpy.lib.format", format version 1.0.
public enum NumPyArrayFile {
  /// The file of a matrix, a row for each vector. Requires vectors of `width` numbers.
  public static func bytes(_ vectors: [[Float]], width: Int) -> [UInt8] {
    let description =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(vectors.count), \(width)), }"
    let prefixLength = 10
    let unpadded = prefixLength + description.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let headerLength = description.utf8.count + padding + 1
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(headerLength & 0xFF), UInt8(headerLength >> 8)]
    bytes += Array(description.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding)
    bytes.append(UInt8(ascii: "\n"))
    bytes.reserveCapacity(bytes.count + 4 * vectors.count * width)
    for vector in vectors {
      precondition(vector.count == width, "npy: a row of \(vector.count) numbers, not \(width)")
      for value in vector {
        let bits = value.bitPattern
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
    }
    return bytes
  }
}
