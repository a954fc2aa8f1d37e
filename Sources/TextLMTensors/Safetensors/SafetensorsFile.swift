/// What a reader does about the checksums in a file's metadata.
public enum ChecksumPolicy: Sendable, Equatable {
  /// They must be there and right: files that textlm wrote.
  case required
  /// They must be right where they are there: files of others.
  case whenPresent
  /// Nothing is computed; faster, and damage to values goes unnoticed.
  case ignored
}

/// A safetensors file opened for reading, whose header and sizes were checked.
///
/// The file may come from anyone. Nothing in it can make the reader trap or take memory out of
/// proportion to the file; whatever the reference reader refuses is refused here, and so are
/// duplicate names. Tensor values are not judged: they may be NaN.
public struct SafetensorsFile: Sendable {
  /// The metadata in file order.
  public let metadata: [(key: String, value: String)]
  /// The tensors in the order of their data.
  public let tensors: [SafetensorsInfo]
  /// Paths of fields in the header that the format does not define: harmless, worth a warning.
  public let unknownFields: [String]

  private let source: any ByteSource
  private let dataOffset: Int
  private let positions: [UTF8Key: Int]

  /// Opens and checks a file.
  ///
  /// Takes one pass over the tensor data unless checksums are ignored (about 0.3 s for 100 MB).
  /// Throws `SafetensorsError`, or what `source` throws.
  public init(
    reading source: some ByteSource, limits: SafetensorsLimits = .ownModels,
    checksums: ChecksumPolicy
  ) throws {
    let header = try Self.readHeader(of: source, limits: limits)
    self.source = source
    dataOffset = header.dataOffset
    metadata = header.content.metadata
    tensors = header.content.tensors
    unknownFields = header.content.unknownFields
    positions = Dictionary(
      tensors.enumerated().map { (UTF8Key($0.element.name), $0.offset) },
      uniquingKeysWith: { first, _ in first })
    if checksums != .ignored {
      let isRequired = checksums == .required
      // The header first: it is small, and a damaged one explains everything after it.
      try check(SafetensorsChecksum.headerKey, isRequired: isRequired) {
        SafetensorsChecksum.ofHeader(metadata: metadata, tensors: tensors)
      }
      try check(SafetensorsChecksum.dataKey, isRequired: isRequired) {
        try SafetensorsChecksum.ofData(in: source, from: header.dataOffset)
      }
    }
  }

  /// The metadata value of a key.
  public func metadata(_ key: String) -> String? {
    metadata.first { UTF8Key($0.key) == UTF8Key(key) }?.value
  }

  /// What the header says about a tensor, which must be there.
  public func info(_ name: String) throws(SafetensorsError) -> SafetensorsInfo {
    guard let position = positions[UTF8Key(name)] else { throw .missingTensor(name: name) }
    return tensors[position]
  }

  /// True when the file has a tensor of this name.
  public func contains(_ name: String) -> Bool {
    positions[UTF8Key(name)] != nil
  }

  /// The values of a float32 tensor, row-major.
  public func floats(_ name: String, shape: [Int]? = nil) throws -> [Float] {
    try values(name, .float32, shape)
  }

  /// The values of an int32 tensor, row-major.
  public func int32s(_ name: String, shape: [Int]? = nil) throws -> [Int32] {
    try values(name, .int32, shape)
  }

  /// The values of an int64 tensor, row-major.
  public func int64s(_ name: String, shape: [Int]? = nil) throws -> [Int64] {
    try values(name, .int64, shape)
  }

  /// The values of a uint64 tensor, row-major.
  public func uint64s(_ name: String, shape: [Int]? = nil) throws -> [UInt64] {
    try values(name, .uint64, shape)
  }

  /// Reads a float32 tensor of the given shape into memory of the caller, such as a new tensor's.
  /// The buffer must have room for exactly the shape's elements.
  public func readFloats(
    _ name: String, shape: [Int], into buffer: UnsafeMutableBufferPointer<Float>
  ) throws {
    let info = try expect(name, .float32, shape)
    let bytes = UnsafeMutableRawBufferPointer(buffer)
    require(
      bytes.count == info.byteRange.count,
      "readFloats: buffer of \(bytes.count) bytes for a tensor of \(info.byteRange.count)")
    try source.read(into: bytes, at: dataOffset + info.byteRange.lowerBound)
  }

  private func values<Element: BitwiseCopyable>(
    _ name: String, _ dtype: SafetensorsDType, _ shape: [Int]?
  ) throws -> [Element] {
    let info = try expect(name, dtype, shape)
    let count = info.byteRange.count / MemoryLayout<Element>.stride
    return try [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      // The array may have been given more room than asked for.
      let bytes = UnsafeMutableRawBufferPointer(buffer).prefix(info.byteRange.count)
      try source.read(
        into: UnsafeMutableRawBufferPointer(rebasing: bytes),
        at: dataOffset + info.byteRange.lowerBound)
      initializedCount = count
    }
  }

  private func expect(
    _ name: String, _ dtype: SafetensorsDType, _ shape: [Int]?
  ) throws(SafetensorsError) -> SafetensorsInfo {
    let info = try info(name)
    guard info.dtype == dtype else {
      throw .wrongDType(name: name, expected: dtype, found: info.dtype)
    }
    if let shape, shape != info.shape {
      throw .wrongShape(name: name, expected: shape, found: info.shape)
    }
    return info
  }

  private func check(_ key: String, isRequired: Bool, _ actual: () throws -> String) throws {
    guard let expected = metadata(key) else {
      if isRequired { throw SafetensorsError.missingChecksum(key: key) }
      return
    }
    let found = try actual()
    guard UTF8Key(expected) == UTF8Key(found) else {
      throw SafetensorsError.checksumMismatch(key: key, expected: expected, found: found)
    }
  }

  private static func readHeader(
    of source: some ByteSource, limits: SafetensorsLimits
  ) throws -> (content: SafetensorsHeader, dataOffset: Int) {
    let prefixSize = 8
    guard source.byteCount >= prefixSize else {
      throw SafetensorsError.truncated(expected: prefixSize, found: source.byteCount)
    }
    var declared: UInt64 = 0
    try withUnsafeMutableBytes(of: &declared) { try source.read(into: $0, at: 0) }
    guard let headerSize = Int(exactly: declared), headerSize <= limits.headerByteCount else {
      throw SafetensorsError.headerTooLarge(byteCount: declared, limit: limits.headerByteCount)
    }
    let dataOffset = prefixSize + headerSize
    guard dataOffset <= source.byteCount else {
      throw SafetensorsError.truncated(expected: dataOffset, found: source.byteCount)
    }
    var bytes = [UInt8](repeating: 0, count: headerSize)
    try bytes.withUnsafeMutableBytes { try source.read(into: $0, at: prefixSize) }
    let content = try SafetensorsHeader(parsing: bytes, limits: limits)
    let (end, overflow) = dataOffset.addingReportingOverflow(content.dataByteCount)
    guard !overflow, end <= source.byteCount else {
      throw SafetensorsError.truncated(
        expected: overflow ? Int.max : end, found: source.byteCount)
    }
    guard end == source.byteCount else {
      throw SafetensorsError.trailingBytes(expected: end, found: source.byteCount)
    }
    return (content, dataOffset)
  }
}
