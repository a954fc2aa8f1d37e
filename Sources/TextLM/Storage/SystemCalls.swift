import Glibc

/// What the storage layer asks of the kernel, with `errno` turned into `StorageError`; this file
/// and `Descriptor.swift` are the only ones that import the C library. Calls interrupted by a signal are repeated.
enum SystemCalls {
  static var processIdentifier: Int { Int(getpid()) }

  static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "an unnamed host" }
    return text(in: buffer)
  }

  /// Seconds since 1970, with the part of the present one.
  static var secondsSince1970: Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  /// The time in UTC, such as `2026-01-31T12:00:00Z`.
  static var timestamp: String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return text(in: buffer)
  }

  /// False when no process has this identifier; true also when it belongs to another user.
  static func isRunning(process: Int) -> Bool {
    guard let identifier = Int32(exactly: process), identifier > 0 else { return false }
    return kill(identifier, 0) == 0 || errno != ESRCH
  }

  static func text(of code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// The second half of an error message: what a person can do about it.
  static func advice(for code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "free some space and try again"
    case EFBIG: "the limit on file sizes is too low (ulimit -f) or the disk cannot hold such a file"
    case EACCES, EPERM: "check the permissions of the file and its folder"
    case EROFS: "the disk is read-only; choose another folder"
    case ENOENT: "create the folder first or check the spelling"
    case ENOTDIR: "a part of the path is a file; choose another folder"
    case ENAMETOOLONG: "choose a shorter name"
    case ELOOP: "it is a symbolic link where none is followed; remove it"
    case EMFILE, ENFILE: "too many files are open; close some or raise the limit (ulimit -n)"
    case EIO: "the disk reports an error; check it and save elsewhere"
    case ENOLCK, EOPNOTSUPP: "this file system cannot lock files; use a local disk"
    default: "check the disk and the path"
    }
  }

  static func createFolder(_ path: String) throws(StorageError) {
    try check(mkdir(path, 0o777), "creating the folder", path)
  }

  /// The path itself, or where it leads when it is a symbolic link.
  static func linkResolved(_ path: String) throws(StorageError) -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    var status = stat()
    do throws(StorageError) {
      try check(lstat(path, &status), "examining", path)
      guard status.st_mode & S_IFMT == S_IFLNK else { return path }
      guard let target = realpath(path, nil) else { throw last("following the link", path) }
      defer { free(target) }
      return String(cString: target)
    } catch .system(_, _, ENOENT) {
      throw .missing(path: path)
    }
  }

  static func namesInFolder(_ path: String) throws(StorageError) -> [String] {
    guard let stream = opendir(path) else { throw last("reading the folder", path) }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
      }
    }
    // A null pointer means both the end and an error.
    if errno != 0 { throw last("reading the folder", path) }
    return names
  }

  /// Repeats a call that returns -1 while a signal interrupts it; throws for every other failure.
  @discardableResult
  static func check<Result: SignedInteger>(
    _ call: @autoclosure () -> Result, _ operation: String, _ path: String
  ) throws(StorageError) -> Result {
    while true {
      let result = call()
      if result != -1 { return result }
      if errno != EINTR { throw last(operation, path) }
    }
  }

  private static func last(_ operation: String, _ path: String) -> StorageError {
    .system(operation: operation, path: path, code: errno)
  }

  private static func text(in buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
