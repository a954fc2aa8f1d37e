/// What an untrusted safetensors file may ask of us.
public struct SafetensorsLimits: Sendable, Equatable {
  /// Bytes of the header.
  public var headerByteCount: Int
  /// Tensors in a file.
  public var tensorCount: Int
  /// Dimensions of a tensor.
  public var dimensionCount: Int
  /// UTF-8 bytes of a tensor's name.
  public var nameByteCount: Int

  /// For the models textlm writes: a header of 8 MiB.
  public static let ownModels = SafetensorsLimits(
    headerByteCount: 8 << 20, tensorCount: 65_536, dimensionCount: 8, nameByteCount: 4096)
  /// For files of others: the format's own limit on the header, 100,000,000 bytes.
  public static let anyFile = SafetensorsLimits(
    headerByteCount: 100_000_000, tensorCount: 65_536, dimensionCount: 8, nameByteCount: 4096)

  /// As many JSON values as the largest allowed number of tensors takes, and some for metadata.
  var json: JSONLimits {
    JSONLimits(byteCount: headerByteCount, valueCount: tensorCount * (dimensionCount + 6) + 65_536)
  }
}

/// Name, type, shape and place of one tensor in a file.
public struct SafetensorsInfo: Sendable, Equatable {
  /// The tensor's name: opaque, never a path.
  public let name: String
  /// The type of the elements.
  public let dtype: SafetensorsDType
  /// The sizes, slowest first.
  public let shape: [Int]
  /// The tensor's bytes, counted from the start of the tensor data.
  public let byteRange: Range<Int>
}

/// The checked header of a safetensors file.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"

  private(set) var metadata: [(key: String, value: String)] = []
  /// In the order of their data.
  private(set) var tensors: [SafetensorsInfo] = []
  private(set) var unknownFields: [String] = []

  /// Reads the JSON and makes every check that needs only the header.
  init(parsing bytes: [UInt8], limits: SafetensorsLimits) throws(SafetensorsError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes, limits: limits.json)
    } catch {
      throw .header(error)
    }
    let root = JSONField(json, path: "header")
    metadata = try Self.checked { () throws(JSONFieldError) in try Self.metadata(of: root) }
    for (name, field) in try Self.checked({ () throws(JSONFieldError) in try root.members() })
    where UTF8Key(name) != UTF8Key(Self.metadataKey) {
      tensors.append(try readTensor(name, field, limits))
    }
    guard tensors.count <= limits.tensorCount else {
      throw .tooManyTensors(count: tensors.count, limit: limits.tensorCount)
    }
    tensors.sort { left, right in
      (left.byteRange.lowerBound, left.byteRange.upperBound)
        < (right.byteRange.lowerBound, right.byteRange.upperBound)
    }
    try checkContiguous()
  }

  /// Bytes of all tensors together.
  var dataByteCount: Int {
    tensors.last?.byteRange.upperBound ?? 0
  }

  private static func metadata(
    of root: JSONField
  ) throws(JSONFieldError) -> [(key: String, value: String)] {
    guard let field = try root.optionalField(metadataKey) else { return [] }
    var metadata: [(key: String, value: String)] = []
    for (key, value) in try field.members() {
      metadata.append((key, try value.string()))
    }
    return metadata
  }

  private mutating func readTensor(
    _ name: String, _ field: JSONField, _ limits: SafetensorsLimits
  ) throws(SafetensorsError) -> SafetensorsInfo {
    guard name.utf8.count <= limits.nameByteCount else {
      throw .nameTooLong(byteCount: name.utf8.count, limit: limits.nameByteCount)
    }
    let (typeName, shape, offsets) = try Self.checked { () throws(JSONFieldError) in
      (
        try field.string("dtype"),
        try Self.naturals(field.field("shape")),
        try Self.naturals(field.field("data_offsets"))
      )
    }
    guard let dtype = SafetensorsDType(rawValue: typeName) else {
      throw .unknownDType(name: name, dtype: typeName)
    }
    guard shape.count <= limits.dimensionCount else {
      throw .tooManyDimensions(name: name, count: shape.count, limit: limits.dimensionCount)
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .field(
        .outOfRange(
          path: field.path + ".data_offsets", expected: "a begin and an end not before it",
          found: "\(offsets.prefix(3))"))
    }
    guard let byteCount = dtype.byteCount(shape: shape) else {
      throw .impossibleShape(name: name, dtype: dtype, shape: shape)
    }
    guard offsets[1] - offsets[0] == byteCount else {
      throw .sizeMismatch(name: name, expected: byteCount, found: offsets[1] - offsets[0])
    }
    let members = try Self.checked { () throws(JSONFieldError) in try field.members() }
    for (key, member) in members where !["dtype", "shape", "data_offsets"].contains(key) {
      unknownFields.append(member.path)
    }
    return SafetensorsInfo(
      name: name, dtype: dtype, shape: shape, byteRange: offsets[0]..<offsets[1])
  }

  /// No holes and no overlaps: each tensor begins where the one before it ends.
  private func checkContiguous() throws(SafetensorsError) {
    var end = 0
    for tensor in tensors {
      guard tensor.byteRange.lowerBound == end else {
        throw .notContiguous(name: tensor.name, expected: end, found: tensor.byteRange.lowerBound)
      }
      end = tensor.byteRange.upperBound
    }
  }

  private static func naturals(_ field: JSONField) throws(JSONFieldError) -> [Int] {
    var numbers: [Int] = []
    for element in try field.elements() {
      numbers.append(try element.int(in: 0...Int.max))
    }
    return numbers
  }

  private static func checked<Result>(
    _ body: () throws(JSONFieldError) -> Result
  ) throws(SafetensorsError) -> Result {
    do throws(JSONFieldError) {
      return try body()
    } catch {
      throw .field(error)
    }
  }
}
