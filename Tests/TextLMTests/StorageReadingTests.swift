import Foundation
import Glibc
import TextLM
import TextLMTensors
import Testing

@Suite("Storage: reading files and logs")
struct StorageReadingTests {
  @Test(arguments: [0, 1, 4096, 1_000_003])
  func readsWholeFilesUpToTheLimit(_ count: Int) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("a")
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try AtomicFile.replace(path, with: bytes)
    #expect(try FileReader.bytes(at: path, atMost: count) == bytes)
    #expect(try FileReader.streamedBytes(at: path, atMost: count) == bytes)
    if count > 0 {
      let error = StorageError.tooLarge(path: path, byteCount: count, limit: count - 1)
      #expect(throws: error) { try FileReader.bytes(at: path, atMost: count - 1) }
      #expect(throws: error) { try FileReader.streamedBytes(at: path, atMost: count - 1) }
    }
  }

  @Test func saysWhatIsThereInsteadOfAFile() throws {
    let folder = try StorageTestFolder()
    mkfifo(folder.path("pipe"), 0o600)
    symlink("nowhere", folder.path("dangling"))
    func read(_ path: String) throws { _ = try FileReader.bytes(at: path, atMost: 10) }
    #expect(throws: StorageError.missing(path: folder.path("none"))) {
      try read(folder.path("none"))
    }
    #expect(throws: StorageError.missing(path: folder.path("dangling"))) {
      try read(folder.path("dangling"))
    }
    #expect(throws: StorageError.notAFile(path: folder.path, kind: "a folder")) {
      try read(folder.path)
    }
    // Nobody writes to it, and reading does not wait for that.
    #expect(throws: StorageError.notAFile(path: folder.path("pipe"), kind: "a named pipe")) {
      try read(folder.path("pipe"))
    }
    #expect(throws: StorageError.notAFile(path: "/dev/zero", kind: "a device")) {
      try read("/dev/zero")
    }
    #expect(throws: StorageError.invalidPath(path: "a\0")) { try read("a\0") }
    #expect(throws: StorageError.notAFile(path: folder.path, kind: "a folder")) {
      try FileReader.streamedBytes(at: folder.path, atMost: 10)
    }
    #expect(throws: StorageError.self) { try FileReader.streamedBytes(at: "/dev/zero", atMost: 10) }
    #expect(try FileReader.streamedBytes(at: "/dev/null", atMost: 0) == [])
  }

  @Test func readsJSONAndNamesTheFileWhenItIsNone() throws {
    let folder = try StorageTestFolder()
    try folder.write(#"{"a":[1]}"#, to: "good.json")
    try folder.write(#"{"a":1,"a":2}"#, to: "bad.json")
    #expect(try FileReader.json(at: folder.path("good.json")) == ["a": [1]])
    let error = #expect(throws: StorageError.self) {
      try FileReader.json(at: folder.path("bad.json"))
    }
    #expect(
      error?.description
        == "\(folder.path("bad.json")): JSON: byte 7: key \"a\" occurs twice in one object")
  }

  @Test func logsGrowLineByLine() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("log.jsonl")
    let rows: [JSONValue] = [["event": "step", "step": 1], ["text": "a\nb\u{2028}"]]
    let log = try JSONLinesWriter(appendingTo: path)
    try log.append(rows[0])
    #expect(try JSONLinesContent(contentsOf: path).rows == [rows[0]])
    try log.append(rows[1])
    try log.append(["loss": .number(.nan)])
    try log.synchronize()
    #expect(
      try folder.text("log.jsonl") == #"{"event":"step","step":1}"# + "\n"
        + #"{"text":"a\nb\u2028"}"# + "\n" + #"{"loss":null}"# + "\n")
    let content = try JSONLinesContent(contentsOf: path)
    #expect(content.rows == rows + [["loss": .null]])
    #expect(!content.isTorn)
    try JSONLinesWriter(appendingTo: path).append([])
    #expect(try JSONLinesContent(contentsOf: path).rows.count == 4)
  }

  @Test(arguments: ["{\"a\":1", "x", String(repeating: "y", count: 10_000)])
  func aTornLastLineIsIgnoredAndThenCutOff(_ torn: String) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("log.jsonl")
    for whole in [
      "", "{}\n", "{}\n" + #"{"long":"\#(String(repeating: "z", count: 9_000))"}"# + "\n",
    ] {
      try folder.write(whole + torn, to: "log.jsonl")
      let content = try JSONLinesContent(contentsOf: path)
      #expect(content.isTorn)
      #expect(content.rows.count == whole.split(separator: "\n").count)
      try JSONLinesWriter(appendingTo: path).append(["next": 1])
      #expect(try folder.text("log.jsonl") == whole + "{\"next\":1}\n")
    }
  }

  @Test func aDamagedLineIsNamed() throws {
    let folder = try StorageTestFolder()
    try folder.write("{}\n{]\n{}\n", to: "log.jsonl")
    let error = #expect(throws: StorageError.self) {
      try JSONLinesContent(contentsOf: folder.path("log.jsonl"))
    }
    #expect(
      error?.description == "\(folder.path("log.jsonl")), line 2: JSON: byte 1: "
        + "expected a key in quotes, found \"]\"")
  }

  @Test func aFullDeviceIsAnError() throws {
    let log = try JSONLinesWriter(appendingTo: "/dev/full")
    let error = #expect(throws: StorageError.self) { try log.append([]) }
    #expect(
      error?.description == "/dev/full: writing failed: No space left on device; "
        + "free some space and try again")
  }

  @Test func aFullDiskLeavesWholeLines() async throws {
    let folder = try StorageTestFolder()
    let path = folder.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      setrlimit(__rlimit_resource_t(1), &limit)
      let log = try JSONLinesWriter(appendingTo: path + "/log.jsonl")
      let row: JSONValue = ["text": "0123456789012345678901234567890123456789"]
      do {
        while true { try log.append(row) }
      } catch StorageError.system("writing", _, EFBIG) {
        exit(0)
      }
    }
    // A row has 52 bytes: one fits into 100 and half a second one does not stay.
    #expect(try folder.text("log.jsonl").utf8.count == 52)
    #expect(try JSONLinesContent(contentsOf: path + "/log.jsonl").isTorn == false)
  }
}
