import TextLMTensors

/// The right to train in a run folder, held by one process at a time.
///
/// It is the kernel's lock (`flock`) on the file `.lock` in the folder, and it ends with this
/// object or the process, however that ends. The file itself stays, because removing it would let
/// two processes lock two files of the same name; it says who holds the lock. On network file
/// systems the lock may be seen by one machine only.
package final class RunLock: Sendable {
  static let fileName = ".lock"
  private static let longestRecord = 4096

  private let descriptor: Descriptor

  /// Takes the lock at once or throws `StorageError.locked` with its holder.
  package init(folder: Folder) throws(StorageError) {
    let path = folder.path(to: Self.fileName)
    let descriptor = try Descriptor(opening: path, .update)
    guard try descriptor.tryLock() else {
      throw .locked(path: folder.path, holder: try Self.holder(in: descriptor))
    }
    try Self.write(path: path, to: descriptor)
    self.descriptor = descriptor
  }

  deinit {
    // An empty record tells a person who looks that nobody holds the lock. Nothing depends on it,
    // and the lock ends with the file at the latest.
    do throws(StorageError) {
      try descriptor.truncate(to: 0)
      try descriptor.unlock()
    } catch {}
  }

  private static func write(
    path: String, to descriptor: borrowing Descriptor
  ) throws(StorageError) {
    let record: JSONValue = [
      "process": JSONValue(SystemCalls.processIdentifier),
      "host": .string(SystemCalls.hostName),
      "started": .string(SystemCalls.timestamp),
    ]
    let line: [UInt8]
    do throws(JSONError) {
      line = try record.serialized()
    } catch {
      throw .json(path: path, error)
    }
    try descriptor.truncate(to: 0)
    try descriptor.write(line)
  }

  /// What the record says; nil when it is not written yet or damaged, because the lock counts and
  /// not the record.
  private static func holder(
    in descriptor: borrowing Descriptor
  ) throws(StorageError) -> LockHolder? {
    let bytes = try descriptor.bytes(at: 0, atMost: longestRecord)
    do {
      let record = JSONField(try JSONValue(parsing: bytes), path: "lock")
      return LockHolder(
        process: try record.int("process"), host: try record.string("host"),
        started: try record.string("started"))
    } catch {
      return nil
    }
  }
}
