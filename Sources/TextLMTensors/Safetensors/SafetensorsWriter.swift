/// Writes safetensors files that Python's safetensors reads.
///
/// `__metadata__` comes first, then the tensors from the widest alignment to the narrowest and by
/// name bytes within one; the header is padded with spaces until the data begins at a multiple of
/// 64 bytes, which suits kernels that read a mapped file. The same input gives the same bytes.
public struct SafetensorsWriter: Sendable {
  private static let dataAlignment = 64

  private let entries: [SafetensorsEntry]
  private let infos: [SafetensorsInfo]
  private let metadata: [(key: String, value: String)]

  /// Plans a file and checks that textlm itself would read it back.
  ///
  /// Throws when a name is used twice, is too long or is reserved (`__metadata__`, `checksum`,
  /// `header_checksum`), or a shape's size overflows. Only shapes are looked at, no values.
  public init(
    _ entries: [SafetensorsEntry], metadata: [(key: String, value: String)] = []
  ) throws(SafetensorsError) {
    try Self.checkNames(entries, metadata)
    let ordered = entries.sorted { left, right in
      let (leftRank, rightRank) = (left.dtype.alignmentRank, right.dtype.alignmentRank)
      if leftRank != rightRank { return leftRank > rightRank }
      return UTF8Key(left.name) < UTF8Key(right.name)
    }
    var infos: [SafetensorsInfo] = []
    var offset = 0
    for entry in ordered {
      let size = entry.dtype.byteCount(shape: entry.shape)
      let (end, overflow) = offset.addingReportingOverflow(size ?? 0)
      guard size != nil, !overflow else {
        throw .impossibleShape(name: entry.name, dtype: entry.dtype, shape: entry.shape)
      }
      infos.append(
        SafetensorsInfo(
          name: entry.name, dtype: entry.dtype, shape: entry.shape, byteRange: offset..<end))
      offset = end
    }
    self.entries = ordered
    self.infos = infos
    self.metadata = metadata
  }

  /// Writes the file: one pass over the data for the checksum, which the header must carry, and a
  /// second one that writes it.
  ///
  /// Throws what the sink throws, and `SafetensorsError.sizeMismatch` before anything is written
  /// when an entry lends another number of bytes than its shape takes.
  public func write(to sink: inout some (ByteSink & ~Copyable)) throws {
    let header = try headerBytes()
    try header.withUnsafeBytes { try sink.write($0) }
    for entry in entries {
      try entry.withBytes { try sink.write($0) }
    }
  }

  private func headerBytes() throws -> [UInt8] {
    var metadata = self.metadata
    metadata.append((SafetensorsChecksum.dataKey, try dataChecksum()))
    let headerChecksum = SafetensorsChecksum.ofHeader(metadata: metadata, tensors: infos)
    metadata.append((SafetensorsChecksum.headerKey, headerChecksum))
    var header = try Self.json(metadata: metadata, infos)
    let prefixSize = 8
    let overhang = (prefixSize + header.count) % Self.dataAlignment
    if overhang > 0 {
      header += repeatElement(UInt8(ascii: " "), count: Self.dataAlignment - overhang)
    }
    let limit = SafetensorsLimits.ownModels.headerByteCount
    guard header.count <= limit else {
      throw SafetensorsError.headerTooLarge(byteCount: UInt64(header.count), limit: limit)
    }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header
  }

  private func dataChecksum() throws -> String {
    var hash = SHA256()
    for (entry, info) in zip(entries, infos) {
      var byteCount = 0
      try entry.withBytes { bytes in
        hash.update(bytes)
        byteCount += bytes.count
      }
      guard byteCount == info.byteRange.count else {
        throw SafetensorsError.sizeMismatch(
          name: info.name, expected: info.byteRange.count, found: byteCount)
      }
    }
    return SafetensorsChecksum.text(hash)
  }

  private static func json(
    metadata: [(key: String, value: String)], _ infos: [SafetensorsInfo]
  ) throws(JSONError) -> [UInt8] {
    var values = JSONObject()
    for (key, value) in metadata { values.append(key, .string(value)) }
    var root: JSONObject = [:]
    root.append(SafetensorsHeader.metadataKey, .object(values))
    for info in infos {
      root.append(
        info.name,
        [
          "dtype": .string(info.dtype.rawValue),
          "shape": .array(info.shape.map(JSONValue.init)),
          "data_offsets": [
            JSONValue(info.byteRange.lowerBound), JSONValue(info.byteRange.upperBound),
          ],
        ])
    }
    return try JSONValue.object(root).serialized()
  }

  private static func checkNames(
    _ entries: [SafetensorsEntry], _ metadata: [(key: String, value: String)]
  ) throws(SafetensorsError) {
    let limits = SafetensorsLimits.ownModels
    guard entries.count <= limits.tensorCount else {
      throw .tooManyTensors(count: entries.count, limit: limits.tensorCount)
    }
    var taken: Set<UTF8Key> = [UTF8Key(SafetensorsHeader.metadataKey)]
    for entry in entries {
      guard entry.name.utf8.count <= limits.nameByteCount else {
        throw .nameTooLong(byteCount: entry.name.utf8.count, limit: limits.nameByteCount)
      }
      guard entry.shape.count <= limits.dimensionCount else {
        throw .tooManyDimensions(
          name: entry.name, count: entry.shape.count, limit: limits.dimensionCount)
      }
      guard taken.insert(UTF8Key(entry.name)).inserted else { throw .nameTaken(entry.name) }
    }
    var takenKeys = Set(
      [SafetensorsChecksum.dataKey, SafetensorsChecksum.headerKey].map(UTF8Key.init))
    for (key, _) in metadata {
      guard takenKeys.insert(UTF8Key(key)).inserted else { throw .nameTaken(key) }
    }
  }
}
