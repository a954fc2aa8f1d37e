import Foundation
import Glibc
import TextLM
import TextLMTensors
import Testing

@Suite("Storage: safetensors files")
struct StorageSafetensorsTests {
  private func damage(_ path: String) throws {
    let size = try StoredFile(path).byteCount
    let file = try #require(fopen(path, "r+"))
    fseek(file, size - 1, SEEK_SET)
    fputc(0x55, file)
    fclose(file)
  }

  @Test func errorsNameTheFile() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("model.safetensors")
    #expect(throws: StorageError.missing(path: path)) {
      try SafetensorsFile(contentsOf: path, checksums: .required)
    }
    try folder.write("pickle", to: "model.safetensors")
    let error = #expect(throws: StorageError.self) {
      try SafetensorsFile(contentsOf: path, checksums: .required)
    }
    #expect(
      error?.description
        == "\(path): the file ends at byte 6 and should have 8 bytes; "
        + "it was cut off: copy it again or use an earlier one")
  }

  @Test func aDamagedNewestGivesWayToThePrevious() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("state")
    try StorageAtomicFileTests.model(1).write(to: path, replaced: .kept)
    try StorageAtomicFileTests.model(2).write(to: path, replaced: .kept)
    var newest = try SafetensorsFile.newestReadable(at: path)
    #expect(try newest.file.floats("w")[0] == 2)
    #expect(newest.path == path && newest.problem == nil)

    try damage(path)
    newest = try SafetensorsFile.newestReadable(at: path)
    #expect(try newest.file.floats("w")[0] == 1)
    #expect(newest.path == path + ".previous")
    guard
      case .safetensors(path, .checksumMismatch("checksum", _, _))? =
        newest.problem as? StorageError
    else {
      Issue.record("wrong problem: \(String(describing: newest.problem))")
      return
    }

    unlink(path)
    newest = try SafetensorsFile.newestReadable(at: path)
    #expect(newest.problem as? StorageError == .missing(path: path))

    // Both unusable: the complaint is about the one that was asked for.
    try damage(path + ".previous")
    #expect(throws: StorageError.missing(path: path)) {
      try SafetensorsFile.newestReadable(at: path)
    }
  }

  @Test func aReaderKeepsTheFileItOpened() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("m")
    try StorageAtomicFileTests.model(1).write(to: path)
    let file = try SafetensorsFile(contentsOf: path, checksums: .required)
    try StorageAtomicFileTests.model(2).write(to: path)
    #expect(try file.floats("w").allSatisfy { $0 == 1 })
    #expect(
      try SafetensorsFile(contentsOf: path, checksums: .required).floats("w").allSatisfy { $0 == 2 }
    )
  }

  @Test func readingWhileSomebodyReplacesSeesWholeFiles() async throws {
    let folder = try StorageTestFolder()
    let path = folder.path("m")
    try StorageAtomicFileTests.model(0).write(to: path)
    async let writing: Void = {
      for generation in 1...40 {
        try StorageAtomicFileTests.model(generation).write(to: path, replaced: .kept)
      }
    }()
    var last: Float = 0
    while last < 40 {
      let values = try SafetensorsFile(contentsOf: path, checksums: .required).floats("w")
      #expect(values[0] >= last && values.allSatisfy { $0 == values[0] })
      last = values[0]
    }
    try await writing
  }

  @Test func aFileCutAfterOpeningIsAnErrorAndNoCrash() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("m")
    try StorageAtomicFileTests.model(1).write(to: path)
    let file = try SafetensorsFile(contentsOf: path, checksums: .required)
    let size = try StoredFile(path).byteCount
    truncate(path, size - 1)
    #expect(throws: StorageError.shrank(path: path, expected: size, found: size - 1)) {
      try file.floats("w")
    }
  }
}
