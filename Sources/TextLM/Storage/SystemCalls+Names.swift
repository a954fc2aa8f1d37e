#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// Whether there is something at the path.
  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// What a path leads to, links followed; nil when that cannot be told. Nothing is opened, which
  /// would take the reader's place at a pipe.
  static func kind(of path: String) -> Descriptor.Status.Kind? {
    var status = stat()
    return stat(path, &status) == 0 ? Descriptor.Status(status).kind : nil
  }

  /// Removes a file; it is no error when it is gone already.
  static func removeFile(_ path: String) throws(StorageError) {
    if unlink(path) != 0, errno != ENOENT {
      throw .system(operation: "remove", path: path, code: errno)
    }
  }

  /// Removes a folder unless something is in it.
  static func removeFolderIfEmpty(_ path: String) throws(StorageError) {
    if rmdir(path) != 0, ![ENOENT, ENOTEMPTY, EEXIST].contains(errno) {
      throw .system(operation: "removing the folder", path: path, code: errno)
    }
  }
}
