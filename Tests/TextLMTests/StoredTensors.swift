import TextLM
import TextLMTensors

/// The content of a safetensors file, to be changed and written again with valid checksums.
struct StoredTensors {
  var metadata: [(key: String, value: String)]
  var tensors: [(name: String, shape: [Int], floats: [Float])]
  /// Tensors of other types, all zeros.
  var others: [(name: String, shape: [Int], dtype: SafetensorsDType)] = []

  init(_ path: String) throws {
    let file = try SafetensorsFile(contentsOf: path, checksums: .required)
    metadata = file.metadata.filter { !$0.key.hasSuffix("checksum") }
    tensors = try file.tensors.map { ($0.name, $0.shape, try file.floats($0.name)) }
  }

  func write(to path: String) throws {
    let zeros = others.map { name, shape, dtype in
      SafetensorsEntry(name: name, dtype: dtype, shape: shape) { body in
        let bytes = [UInt8](repeating: 0, count: shape.reduce(dtype.bitWidth / 8, *))
        try bytes.withUnsafeBytes(body)
      }
    }
    let floats = tensors.map {
      SafetensorsEntry(name: $0.name, shape: $0.shape, floats: $0.floats)
    }
    try SafetensorsWriter(floats + zeros, metadata: metadata).write(to: path)
  }

  subscript(key: String) -> String? {
    get { metadata.first { $0.key == key }?.value }
    set {
      metadata.removeAll { $0.key == key }
      if let newValue { metadata.append((key, newValue)) }
    }
  }

  /// Replaces, or with nil removes, a member of the JSON at a metadata key; `path` leads to it.
  mutating func set(_ key: String, _ path: [String], to value: JSONValue?) throws {
    guard let text = self[key] else { return }
    let changed = Self.replacing(path[...], in: try JSONValue(parsing: text), by: value)
    self[key] = try changed.text()
  }

  private static func replacing(
    _ path: ArraySlice<String>, in json: JSONValue, by value: JSONValue?
  ) -> JSONValue {
    guard let key = path.first, case .object(let object) = json else { return json }
    var result = JSONObject()
    for member in object.members where member.key != key {
      result.append(member.key, member.value)
    }
    if path.count > 1, let inner = object[key] {
      result.append(key, replacing(path.dropFirst(), in: inner, by: value))
    } else if let value {
      result.append(key, value)
    }
    return .object(result)
  }

  /// Changes the shape and the values of one tensor.
  mutating func change(
    _ name: String, _ body: (inout (name: String, shape: [Int], floats: [Float])) -> Void
  ) {
    for index in tensors.indices where tensors[index].name == name { body(&tensors[index]) }
  }
}
