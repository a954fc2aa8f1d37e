import Glibc

/// An open file or folder, closed when it goes out of scope.
struct Descriptor: ~Copyable, Sendable {
  /// What `stat` tells about a file.
  struct Status {
    enum Kind: Equatable {
      case file, folder
      case other(String)

      /// A link itself, not what it leads to.
      static let link = Kind.other("a symbolic link")
    }

    let kind: Kind
    let byteCount: Int
    let linkCount: Int
    let version: Version

    /// What differs between two files, and between two states of one.
    struct Version: Equatable {
      let device, node, seconds, nanoseconds: Int
    }

    init(_ status: stat) {
      kind =
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        case S_IFIFO: .other("a named pipe")
        case S_IFSOCK: .other("a socket")
        default: .other("a device")
        }
      byteCount = Int(status.st_size)
      linkCount = Int(status.st_nlink)
      version = Version(
        device: Int(truncatingIfNeeded: status.st_dev),
        node: Int(truncatingIfNeeded: status.st_ino), seconds: Int(status.st_mtim.tv_sec),
        nanoseconds: Int(status.st_mtim.tv_nsec))
    }
  }

  enum Mode {
    /// Reading; a named pipe is opened at once, even when nobody writes to it.
    case read
    /// Reading; opening a named pipe waits for its writer.
    case readStream
    case folder
    /// A new file that must not exist yet.
    case create
    /// Reading and writing at any place, created when absent; the last component is no link.
    case update
    /// Reading, and writing at the end; created when absent.
    case append

    fileprivate var flags: Int32 {
      switch self {
      case .read: O_RDONLY | O_NONBLOCK
      case .readStream: O_RDONLY
      case .folder: O_RDONLY | O_DIRECTORY
      case .create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
      case .update: O_RDWR | O_CREAT | O_NOFOLLOW
      case .append: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW
      }
    }

    fileprivate var operation: String {
      switch self {
      case .read, .readStream, .folder: "opening"
      case .create: "creating"
      case .update, .append: "opening for writing"
      }
    }
  }

  let path: String
  /// -1 once it is closed.
  private(set) var number: Int32

  init(opening path: String, _ mode: Mode) throws(StorageError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath(path: path) }
    do throws(StorageError) {
      number = try SystemCalls.check(
        open(path, mode.flags | O_CLOEXEC, 0o666), mode.operation, path)
    } catch .system(_, _, ENOENT) where mode == .read || mode == .readStream {
      throw .missing(path: path)
    } catch .system(_, _, ENOTDIR) where mode == .folder {
      throw .notAFolder(path: path)
    }
    self.path = path
  }

  /// Another number for standard input, so that the process keeps its own when this one is closed.
  init(standardInput: Void) throws(StorageError) {
    path = "standard input"
    number = try SystemCalls.check(
      fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), "opening", path)
  }

  /// Opens a file of a folder; `shownAs` is what messages call it.
  init(
    opening name: String, in folder: borrowing Descriptor, _ mode: Mode, shownAs path: String
  ) throws(StorageError) {
    let parent = folder.number
    number = try SystemCalls.check(
      openat(parent, name, mode.flags | O_CLOEXEC, 0o666), mode.operation, path)
    self.path = path
  }

  deinit {
    // Whoever needs to know whether closing worked has called `close`; files that were only read
    // have nothing to lose.
    if number != -1 { _ = Glibc.close(number) }
  }

  /// Closes the file; some file systems report only here that a write was lost.
  consuming func close() throws(StorageError) {
    let number = self.number
    self.number = -1
    // Not repeated after EINTR: on Linux the descriptor is gone by then.
    if Glibc.close(number) == -1, errno != EINTR {
      throw .system(operation: "closing", path: path, code: errno)
    }
  }
}

/// Content.
extension Descriptor {
  func status() throws(StorageError) -> Status {
    var status = stat()
    try SystemCalls.check(fstat(number, &status), "examining", path)
    return Status(status)
  }

  /// Reads from a place until the buffer is full or the file ends; returns the number of bytes.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(StorageError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try SystemCalls.check(
        pread(number, rest.baseAddress, rest.count, offset + done), "reading", path)
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// At most `limit` bytes from a place on, fewer when the file ends.
  func bytes(at offset: Int, atMost limit: Int) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = try bytes.withUnsafeMutableBufferPointer { buffer throws(StorageError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
    }
    bytes.removeLast(limit - count)
    return bytes
  }

  /// What comes next, at most `limit` bytes; empty at the end.
  func nextBytes(atMost limit: Int) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = try bytes.withUnsafeMutableBufferPointer { buffer throws(StorageError) in
      try SystemCalls.check(Glibc.read(number, buffer.baseAddress, limit), "reading", path)
    }
    bytes.removeLast(limit - count)
    return bytes
  }

  /// Writes all the bytes, in one call where the system takes them at once.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try SystemCalls.check(
        Glibc.write(number, rest.baseAddress, rest.count), "writing", path)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  func write(_ bytes: [UInt8]) throws(StorageError) {
    try bytes.withUnsafeBufferPointer { buffer throws(StorageError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Sets who may do what, as `chmod` does; the owner may read in any case.
  func setPermissions(_ permissions: UInt32) throws(StorageError) {
    try SystemCalls.check(
      fchmod(number, mode_t(permissions | 0o400)), "setting the permissions", path)
  }

  func truncate(to byteCount: Int) throws(StorageError) {
    try SystemCalls.check(ftruncate(number, byteCount), "cutting", path)
  }

  /// Returns when the content is on the disk.
  func synchronize() throws(StorageError) {
    try SystemCalls.check(fsync(number), "flushing to the disk", path)
  }

  /// Takes the lock of this open file without waiting; false when somebody else has it. The
  /// kernel gives it back when the file is closed, however the process ends.
  func tryLock() throws(StorageError) -> Bool {
    do throws(StorageError) {
      try SystemCalls.check(flock(number, LOCK_EX | LOCK_NB), "locking", path)
      return true
    } catch .system(_, _, EWOULDBLOCK) {
      return false
    }
  }

  /// Gives the lock back at once. Closing the file would do so too, but not before a child process
  /// has closed its copy, which one that was just forked still has.
  func unlock() throws(StorageError) {
    try SystemCalls.check(flock(number, LOCK_UN), "unlocking", path)
  }
}

/// Names in a folder. All of them are relative to the open folder, so that nobody can exchange
/// the folder in between.
extension Descriptor {
  func path(to name: String) -> String {
    path == "." ? name : path.hasSuffix("/") ? path + name : path + "/" + name
  }

  /// The status of a name itself, links not followed; nil when there is nothing.
  func status(of name: String) throws(StorageError) -> Status? {
    var status = stat()
    do throws(StorageError) {
      try SystemCalls.check(
        fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW), "examining", path(to: name))
    } catch .system(_, _, ENOENT) {
      return nil
    }
    return Status(status)
  }

  /// Who may do what with the file that a name leads to, links followed, as the nine bits of `chmod`;
  /// nil where there is no file.
  func filePermissions(of name: String) throws(StorageError) -> UInt32? {
    var status = stat()
    do throws(StorageError) {
      try SystemCalls.check(fstatat(number, name, &status, 0), "examining", path(to: name))
    } catch .system(_, _, let code) where [ENOENT, ENOTDIR, ELOOP, EACCES].contains(code) {
      return nil
    }
    return status.st_mode & S_IFMT == S_IFREG ? UInt32(status.st_mode) & 0o777 : nil
  }

  func rename(_ name: String, to newName: String) throws(StorageError) {
    try SystemCalls.check(
      renameat(number, name, number, newName), "renaming to \(newName)", path(to: name))
  }

  /// Gives a file a second name; false when this file system knows no such thing.
  func link(_ name: String, as newName: String) throws(StorageError) -> Bool {
    do throws(StorageError) {
      try SystemCalls.check(
        linkat(number, name, number, newName, 0), "linking as \(newName)", path(to: name))
      return true
    } catch .system(_, _, let code)
      where [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code)
    {
      return false
    }
  }

  /// Removes a name; it is no error when it is gone already.
  func remove(_ name: String) throws(StorageError) {
    do throws(StorageError) {
      try SystemCalls.check(unlinkat(number, name, 0), "removing", path(to: name))
    } catch .system(_, _, ENOENT) {
      return
    }
  }

  /// Returns when the folder's names are on the disk, so that a rename survives a power cut.
  func synchronizeNames() throws(StorageError) {
    do throws(StorageError) {
      try synchronize()
    } catch .system(_, _, EINVAL) {
      // Some network file systems have no such call for folders, and no way to do better.
      return
    }
  }
}
