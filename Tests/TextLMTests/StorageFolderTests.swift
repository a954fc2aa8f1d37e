import Foundation
import Glibc
import TextLM
import TextLMTensors
import Testing

@Suite("Storage: folders and locks")
struct StorageFolderTests {
  @Test func createsUsesAndRefuses() throws {
    let parent = try StorageTestFolder()
    let path = parent.path("run.textlm")
    #expect(throws: StorageError.missing(path: path)) { try Folder(path) }
    let folder = try Folder(creating: path)
    #expect(folder.path(to: "log.jsonl") == path + "/log.jsonl")
    _ = try Folder(creating: path)
    try folder.checkWritable()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)

    try parent.write("", to: "file")
    #expect(throws: StorageError.notAFolder(path: parent.path("file"))) {
      try Folder(creating: parent.path("file"))
    }
    #expect(throws: StorageError.self) { try Folder(creating: parent.path("none/run")) }
    #expect(throws: StorageError.invalidPath(path: "a\0b")) { try Folder(creating: "a\0b") }
    #expect(throws: StorageError.invalidPath(path: "")) { try Folder(creating: "") }
  }

  @Test func aLinkedFolderIsFollowedOnce() throws {
    let parent = try StorageTestFolder()
    _ = try Folder(creating: parent.path("real"))
    symlink(parent.path("real"), parent.path("link"))
    let folder = try Folder(parent.path("link"))
    #expect(folder.path.hasSuffix("/real"))
    unlink(parent.path("link"))
    symlink("/etc", parent.path("link"))
    try AtomicFile.replace(folder.path(to: "a"), with: [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path("real")) == ["a"])
  }

  @Test func onlyTemporariesOfTheDeadAreRemoved() async throws {
    let folder = try StorageTestFolder()
    let (path, digits) = (folder.path, "0123456789abcdef")
    // Process identifiers end at 2^22 on Linux.
    let dead = ".tmp-99999999-\(digits)"
    // A writer of an earlier life of this process number, as happens in containers.
    let earlier = ".tmp-\(getpid())-\(digits)"
    let others = [
      ".tmp-1-\(digits)", ".tmp-99999999", ".tmp-99999999-0123", ".tmp-099999999-\(digits)",
      ".tmp-99999999-0123456789ABCDEF", ".tmp-x-\(digits)", "tmp-99999999-\(digits)",
      ".tmp-99999999-\(digits)-1", ".tmp--1-\(digits)", "model.safetensors", ".lock",
    ]
    for name in [dead, earlier] + others { try folder.write("x", to: name) }
    mkdir(folder.path(".tmp-99999998-\(digits)"), 0o777)
    symlink("model.safetensors", folder.path(".tmp-99999997-\(digits)"))
    try AtomicFile.replace(folder.path("a")) { _ in
      // The one being written now has this process's number and must survive.
      let removed = try Folder(path).removeStaleTemporaries()
      #expect(removed == [dead, earlier].sorted())
    }
    let kept = others + ["a", ".tmp-99999998-\(digits)", ".tmp-99999997-\(digits)"]
    #expect(try folder.names == kept.sorted())
  }

  @Test func oneHolderAtATime() throws {
    let parent = try StorageTestFolder()
    let folder = try Folder(parent.path)
    do {
      let lock = try RunLock(folder: folder)
      let error = #expect(throws: StorageError.self) { try RunLock(folder: folder) }
      guard case .locked(folder.path, let holder?)? = error else {
        Issue.record("not locked with a holder: \(String(describing: error))")
        return
      }
      #expect(holder.process == Int(getpid()))
      #expect(!holder.host.isEmpty)
      #expect(holder.started.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
      #expect(
        error?.description
          == "\(folder.path): in use by process \(getpid()) on \(holder.host) since "
          + "\(holder.started); wait until it ends, stop it, or choose another folder with -o")
      withExtendedLifetime(lock) {}
    }
    _ = try RunLock(folder: folder)
  }

  /// A process that was forked just now has copies of all open files, the lock's too.
  @Test func aCopyOfTheLockFileDoesNotKeepTheLock() throws {
    let parent = try StorageTestFolder()
    let folder = try Folder(parent.path)
    var copies: [Int32] = []
    do {
      let lock = try RunLock(folder: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        guard let number = Int32(name),
          let target = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/fd/" + name), target == folder.path(to: ".lock")
        else { continue }
        copies.append(dup(number))
      }
      withExtendedLifetime(lock) {}
    }
    // A copy may itself be found under a number that was free again.
    #expect(!copies.isEmpty)
    _ = try RunLock(folder: folder)
    for copy in copies { close(copy) }
  }

  @Test func otherProcessesAreKeptOutUntilTheHolderDies() async throws {
    let parent = try StorageTestFolder()
    let (path, ownProcess) = (parent.path, Int(getpid()))
    do {
      let lock = try RunLock(folder: Folder(path))
      await #expect(processExitsWith: .success) {
        [path = path as String, ownProcess = ownProcess as Int] in
        do {
          _ = try RunLock(folder: Folder(path))
          exit(1)
        } catch StorageError.locked(path, let holder?) {
          exit(holder.process == ownProcess ? 0 : 2)
        }
      }
      withExtendedLifetime(lock) {}
    }
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let lock = try RunLock(folder: Folder(path))
      kill(getpid(), SIGKILL)
      withExtendedLifetime(lock) {}
    }
    // The record of the killed process is still there and does not count.
    #expect(try parent.text(".lock").contains("\"process\""))
    _ = try RunLock(folder: Folder(path))
  }

  @Test func aDamagedOrLinkedLockFileIsHarmless() throws {
    let parent = try StorageTestFolder()
    let folder = try Folder(parent.path)
    let lock = try RunLock(folder: folder)
    for record in ["", "{", #"{"process":-1}"#, #"{"process":"x","host":1}"#] {
      // Written in place: a new file of this name would be another lock.
      let file = try #require(fopen(parent.path(".lock"), "r+"))
      ftruncate(fileno(file), 0)
      fputs(record, file)
      fclose(file)
      #expect(throws: StorageError.locked(path: folder.path, holder: nil)) {
        try RunLock(folder: folder)
      }
    }
    withExtendedLifetime(lock) {}
    unlink(parent.path(".lock"))
    try parent.write("precious", to: "target")
    symlink("target", parent.path(".lock"))
    #expect(throws: StorageError.self) { try RunLock(folder: folder) }
    #expect(try parent.text("target") == "precious")
  }
}
