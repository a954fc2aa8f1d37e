/// How compressed files are called.
enum CompressedName {
  static let suffix = ".tlmz"

  /// The name without the suffix; nil where nothing else is left.
  static func original(of path: String) -> String? {
    guard path.hasSuffix(suffix) else { return nil }
    let original = path.dropLast(suffix.count)
    return original.isEmpty || original.hasSuffix("/") ? nil : String(original)
  }
}
