extension TextModel {
  /// Whether a model is at a path, by the look of it: a folder that holds one, or a file that begins
  /// as safetensors files do.
  ///
  /// Throws `StorageError` when the path leads nowhere.
  public static func isModel(at path: String) throws -> Bool {
    switch SystemCalls.kind(of: path) {
    case .folder: return try Folder(path).contains(ModelFile.name)
    case .other: return false
    case .file, nil: break
    }
    let file = try StoredFile(path)
    guard file.byteCount > 8 else { return false }
    // The length of the header, and the header, which is a JSON object.
    var start = [UInt8](repeating: 0, count: 9)
    try start.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    let length = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return start[8] == UInt8(ascii: "{") && length < UInt64(file.byteCount)
  }
}
