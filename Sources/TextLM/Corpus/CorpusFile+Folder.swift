extension CorpusFile {
  /// Reads a file, or all files of a folder and of the folders in it.
  ///
  /// Files come in the order of their paths' bytes. What has a name that begins with a dot is
  /// skipped, and so is what is neither a file nor a folder; links to folders are not followed. The
  /// name of a file has the folder's in front. Throws as `init(contentsOf:_:)` does, and
  /// `StorageError.noFiles`.
  public static func files(
    at path: String, _ reading: ReadingRules = ReadingRules()
  ) throws -> [CorpusFile] {
    guard SystemCalls.kind(of: path) == .folder else {
      return [try CorpusFile(contentsOf: path, reading)]
    }
    let folder = lastComponent(path)
    let names = try names(in: path, prefix: "")
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !names.isEmpty else { throw StorageError.noFiles(path: path) }
    return try names.map { name in
      let file = join(path, name)
      return try CorpusFile(
        CorpusSource(path: file), name: join(folder, name), sourceName: file, reading)
    }
  }

  /// The files of a folder, with the path from `root` on.
  private static func names(in folder: String, prefix: String) throws(StorageError) -> [String] {
    let descriptor = try Descriptor(opening: folder, .folder)
    var names: [String] = []
    for name in try SystemCalls.namesInFolder(folder) where name.utf8.first != UInt8(ascii: ".") {
      let path = join(folder, name)
      let relative = prefix + name
      switch try descriptor.status(of: name)?.kind {
      case .file: names.append(relative)
      case .folder: names += try self.names(in: path, prefix: relative + "/")
      case .other:
        // A link counts when it leads to a file.
        if SystemCalls.kind(of: path) == .file { names.append(relative) }
      case nil: continue
      }
    }
    return names
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }
}
