/// A new file named `.tmp-<pid>-<random>`, in which content is prepared before it gets its name.
///
/// It is locked by its writer for as long as it is open. The number in the name alone does not
/// tell whether the writer is alive, because containers reuse process identifiers.
struct TemporaryFile: ~Copyable {
  private static let prefix = ".tmp-"
  private static let randomDigitCount = 16

  let name: String
  let descriptor: Descriptor

  /// Creates a file and locks it.
  init(in folder: borrowing Descriptor) throws(StorageError) {
    while true {
      let name = Self.newName()
      let file = try Descriptor(
        opening: name, in: folder, .create, shownAs: folder.path(to: name))
      do throws(StorageError) {
        _ = try file.tryLock()
      } catch .system {
        // A file system without locks: nobody will take this file for a stale one either,
        // because that too needs the lock.
      }
      // Somebody cleaning up may have removed the name before the lock was there.
      if try file.status().linkCount > 0 {
        self.name = name
        descriptor = file
        return
      }
    }
  }

  /// A name that nobody else uses.
  static func newName() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    let zeros = String(repeating: "0", count: randomDigitCount - digits.utf8.count)
    return "\(prefix)\(SystemCalls.processIdentifier)-\(zeros)\(digits)"
  }

  /// Removes the files whose writers have died and returns their names, sorted.
  ///
  /// Nothing else is touched: other names, folders, links, files of running processes, and files
  /// that somebody holds the lock of.
  static func removeStale(in folder: borrowing Descriptor) throws(StorageError) -> [String] {
    var removed: [String] = []
    for name in try SystemCalls.namesInFolder(folder.path).sorted() {
      guard let process = process(in: name),
        process == SystemCalls.processIdentifier || !SystemCalls.isRunning(process: process),
        try folder.status(of: name)?.kind == .file
      else { continue }
      let file = try Descriptor(
        opening: name, in: folder, .update, shownAs: folder.path(to: name))
      if try file.tryLock() {
        try folder.remove(name)
        removed.append(name)
      }
    }
    return removed
  }

  /// The process in a name of exactly the form that `newName` gives, nil for all other names.
  static func process(in name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == randomDigitCount,
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      let process = Int(parts[0]), process > 0, String(process) == parts[0]
    else { return nil }
    return process
  }
}
