/// A folder that results are written to.
package struct Folder: Sendable {
  /// Its path; a link that was given is replaced by the folder it leads to.
  package let path: String

  /// Uses a folder and creates it when there is none; its parent must exist.
  ///
  /// Throws `StorageError.notAFolder` when the path leads to something else.
  package init(creating path: String) throws(StorageError) {
    do throws(StorageError) {
      try self.init(path)
    } catch .missing {
      try SystemCalls.createFolder(path)
      try self.init(path)
    }
  }

  /// Uses a folder that exists.
  package init(_ path: String) throws(StorageError) {
    // A link is followed once, here: whoever changes it later cannot redirect a running process.
    self.path = try SystemCalls.linkResolved(path)
    guard try Descriptor(opening: self.path, .read).status().kind == .folder else {
      throw .notAFolder(path: path)
    }
  }

  /// The path of a file in the folder.
  package func path(to name: String) -> String {
    path.hasSuffix("/") ? path + name : path + "/" + name
  }

  /// Writes and removes a file, in order to fail before hours of work and not after them.
  package func checkWritable() throws(StorageError) {
    let folder = try Descriptor(opening: path, .folder)
    let file = try TemporaryFile(in: folder)
    let name = file.name
    do throws(StorageError) {
      try file.descriptor.write([0])
      try file.descriptor.synchronize()
    } catch {
      try folder.remove(name)
      throw error
    }
    try folder.remove(name)
  }

  /// Removes the temporary files that dead processes left and returns their names. Call it with
  /// the folder's `RunLock` held.
  @discardableResult
  package func removeStaleTemporaries() throws(StorageError) -> [String] {
    try TemporaryFile.removeStale(in: Descriptor(opening: path, .folder))
  }
}
