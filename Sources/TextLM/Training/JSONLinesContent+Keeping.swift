extension JSONLinesContent {
  /// The rows of a log that a training goes on with; the others, and a last one that was torn, are removed
  /// from the file. There are none where there is no log.
  static func keepRows(
    of name: String, in folder: Folder, where isKept: (JSONField) throws -> Bool
  ) throws -> [JSONField] {
    guard folder.contains(name) else { return [] }
    let path = folder.path(to: name)
    let content = try JSONLinesContent(contentsOf: path)
    let kept = try content.rows.map { JSONField($0, path: name) }.filter(isKept)
    if kept.count < content.rows.count || content.isTorn {
      var bytes: [UInt8] = []
      for row in kept { bytes += try row.value.serialized() + [UInt8(ascii: "\n")] }
      try AtomicFile.replace(path, with: bytes)
    }
    return kept
  }
}
