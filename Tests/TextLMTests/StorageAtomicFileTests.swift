import Foundation
import Glibc
import TextLM
import TextLMTensors
import Testing

@Suite("Storage: atomic files")
struct StorageAtomicFileTests {
  private struct Stop: Error, Equatable {}

  @Test func createsAndReplacesAndLeavesNothingElse() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("a.json")
    try AtomicFile.replace(path, with: Array("one".utf8))
    #expect(try folder.text("a.json") == "one")
    try AtomicFile.replace(path) { file in
      for piece in ["t", "", "wo"] { try file.write(Array(piece.utf8)) }
      #expect(file.byteCount == 3)
      // Nobody sees the new content before it is whole.
      #expect(try folder.text("a.json") == "one")
    }
    #expect(try folder.text("a.json") == "two")
    #expect(try folder.names == ["a.json"])
  }

  @Test func worksInTheCurrentFolder() throws {
    let name = "textlm-storage-\(getpid()).tmp"
    defer { unlink(name) }
    try AtomicFile.replace(name, with: [1, 2])
    #expect(try FileReader.bytes(at: name, atMost: 2) == [1, 2])
  }

  @Test func anErrorWhileWritingKeepsTheOldFile() throws {
    let folder = try StorageTestFolder()
    try folder.write("old", to: "a")
    #expect(throws: Stop()) {
      try AtomicFile.replace(folder.path("a")) { file in
        try file.write(Array("half of the new".utf8))
        throw Stop()
      }
    }
    #expect(throws: Stop()) {
      try AtomicFile.replace(
        folder.path("a"),
        readBack: { file in
          #expect(file.byteCount == 3)
          throw Stop()
        }, write: { try $0.write([1, 2, 3]) })
    }
    #expect(try folder.text("a") == "old")
    #expect(try folder.names == ["a"])
  }

  @Test func keepsOneOldGenerationWhenAsked() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("state")
    for content in ["1", "2", "3"] {
      try AtomicFile.replace(path, replaced: .kept, with: Array(content.utf8))
    }
    #expect(try folder.text("state") == "3")
    #expect(try folder.text("state.previous") == "2")
    #expect(try folder.names == ["state", "state.previous"])
    // As left by a process that died between the link and the rename: both names, one file.
    unlink(folder.path("state.previous"))
    link(path, folder.path("state.previous"))
    try AtomicFile.replace(path, replaced: .kept, with: Array("4".utf8))
    #expect(try folder.text("state") == "4")
    #expect(try folder.text("state.previous") == "3")
    #expect(try folder.names == ["state", "state.previous"])
  }

  @Test func replacesALinkAndNotWhatItLeadsTo() throws {
    let folder = try StorageTestFolder()
    try folder.write("precious", to: "target")
    symlink(folder.path("target"), folder.path("a"))
    try AtomicFile.replace(folder.path("a"), with: Array("new".utf8))
    #expect(try folder.text("target") == "precious")
    #expect(try folder.text("a") == "new")
  }

  @Test(arguments: [0o600, 0o640, 0o444] as [mode_t])
  func keepsWhoMayReadAndWrite(_ wanted: mode_t) throws {
    let folder = try StorageTestFolder()
    func mode(of name: String) -> mode_t {
      var status = stat()
      return stat(folder.path(name), &status) == 0 ? status.st_mode & 0o777 : 0
    }
    try folder.write("old", to: "a")
    chmod(folder.path("a"), wanted)
    symlink(folder.path("a"), folder.path("link"))
    symlink(folder.path("nothing"), folder.path("dangling"))
    try AtomicFile.replace(folder.path("a"), replaced: .kept) { file in
      try file.write([1])
      // While it is being written too.
      let temporary = try #require(try folder.names.first { $0.hasPrefix(".tmp-") })
      #expect(mode(of: temporary) == wanted)
    }
    #expect(mode(of: "a") == wanted)
    #expect(mode(of: "a.previous") == wanted)
    try AtomicFile.replace(folder.path("link"), with: [2])
    #expect(mode(of: "link") == wanted)
    try AtomicFile.replace(folder.path("dangling"), with: [3])
    #expect(try folder.names.contains("dangling"))
  }

  @Test func refusesPathsThatCannotBeFilesBeforeAnythingIsWritten() throws {
    let folder = try StorageTestFolder()
    try folder.write("x", to: "file")
    mkdir(folder.path("sub"), 0o777)
    func attempt(_ path: String) throws {
      try AtomicFile.replace(path) { _ in Issue.record("\(path) was opened for writing") }
    }
    #expect(throws: StorageError.notAFile(path: folder.path("sub"), kind: "a folder")) {
      try attempt(folder.path("sub"))
    }
    for path in ["", "/", ".", "..", folder.path("sub/"), folder.path("a\0b"), folder.path("..")] {
      #expect(throws: StorageError.invalidPath(path: path)) { try attempt(path) }
    }
    #expect(throws: StorageError.notAFolder(path: folder.path("file/"))) {
      try attempt(folder.path("file/a"))
    }
    let missing = #expect(throws: StorageError.self) { try attempt(folder.path("none/a")) }
    #expect(
      missing?.description
        == "\(folder.path("none/")): opening failed: No such file or directory; "
        + "create the folder first or check the spelling")
    let long = String(repeating: "n", count: 256)
    let tooLong = #expect(throws: StorageError.self) { try attempt(folder.path(long)) }
    #expect(tooLong?.description.hasSuffix("File name too long; choose a shorter name") == true)
    #expect(try folder.names == ["file", "sub"])
  }

  @Test func aFolderThatTakesNoFilesIsReportedWithoutHarm() throws {
    // Root may write into read-only folders, so a folder of the kernel's stands in for one.
    let error = #expect(throws: StorageError.self) {
      try AtomicFile.replace("/proc/a", with: [1])
    }
    guard case .system(let operation, let path, _)? = error else {
      Issue.record("not a system error: \(String(describing: error))")
      return
    }
    #expect(operation == "creating")
    #expect(path.hasPrefix("/proc/.tmp-\(getpid())-"))
    #expect(throws: StorageError.self) { try Folder("/proc").checkWritable() }
  }

  @Test func aFullDiskKeepsTheOldFile() async throws {
    // A limit on file sizes stops write(2) in the middle like a full disk; it belongs to a whole
    // process, hence the child.
    let folder = try StorageTestFolder()
    try folder.write("old", to: "a")
    let path = folder.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      setrlimit(__rlimit_resource_t(1), &limit)
      do {
        try AtomicFile.replace(path + "/a", with: [UInt8](repeating: 1, count: 200_000))
        exit(1)
      } catch StorageError.system("writing", _, EFBIG) {
        exit(0)
      }
    }
    #expect(try folder.text("a") == "old")
    #expect(try folder.names == ["a"])
  }

  @Test func deathInTheMiddleOfWritingKeepsTheOldFile() async throws {
    let folder = try StorageTestFolder()
    try folder.write("old", to: "a")
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      try AtomicFile.replace(path + "/a") { file in
        try file.write([UInt8](repeating: 1, count: 100_000))
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try folder.text("a") == "old")
    let names = try folder.names
    #expect(names.count == 2 && names[0].hasPrefix(".tmp-"))
    #expect(try Folder(path).removeStaleTemporaries() == [names[0]])
    #expect(try folder.names == ["a"])
  }

  @Test(arguments: 0..<12)
  func deathAtAnyMomentLeavesAWholeFile(_ attempt: Int) async throws {
    // The child replaces one file by the next as fast as it can until a timer kills it: 0.4 ms
    // and more after the start of writing.
    let folder = try StorageTestFolder()
    let path = folder.path
    try Self.model(0).write(to: path + "/m", replaced: .kept)
    await #expect(processExitsWith: .signal(SIGALRM)) {
      [path = path as String, attempt = attempt as Int] in
      let delay = 400 + attempt * 1_700
      var timer = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: 0, tv_usec: delay))
      setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
      var generation = 0
      while true {
        generation += 1
        try StorageAtomicFileTests.model(generation).write(to: path + "/m", replaced: .kept)
      }
    }
    _ = try Folder(path).removeStaleTemporaries()
    for name in try folder.names {
      #expect(["m", "m.previous"].contains(name))
      let file = try SafetensorsFile(contentsOf: folder.path(name), checksums: .required)
      let values = try file.floats("w")
      #expect(values.allSatisfy { $0 == values[0] })
    }
    #expect(try folder.names.contains("m"))
  }

  static func model(_ generation: Int) throws -> SafetensorsWriter {
    try SafetensorsWriter([
      SafetensorsEntry(
        name: "w", shape: [20_000],
        floats: [Float](repeating: Float(generation), count: 20_000))
    ])
  }
}
