#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import Synchronization

/// The content of a file in the address space, read from the disk where it is looked at.
///
/// The file must not shrink while this object lives: looking at what is gone ends the process. That
/// holds for files of a run that is locked, which are replaced and never cut, and for files without
/// a name.
final class MappedFile: Sendable {
  /// Its size when it was mapped.
  let byteCount: Int
  // Never written to, and valid until the end of this object: all threads may read it.
  private nonisolated(unsafe) let start: UnsafeRawPointer?
  /// Stretches looked at since their pages were last given back.
  private let touched = Atomic<Int>(0)

  /// The kernel maps so many bytes around each that is looked at.
  private static let stretchSize = 1 << 16
  /// Pages that are looked at stay counted as this process's own until given back: at most about
  /// so many bytes of them.
  private static let residentLimit = 1 << 25

  /// Maps all of a regular file.
  init(_ descriptor: borrowing Descriptor) throws(StorageError) {
    byteCount = try descriptor.status().byteCount
    start = byteCount == 0 ? nil : try descriptor.map(byteCount: byteCount)
  }

  deinit {
    if let start { munmap(UnsafeMutableRawPointer(mutating: start), byteCount) }
  }

  /// The content.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: byteCount) }

  /// Tells that so many separate places were looked at, so that memory can be given back in time.
  func noteAccess(placeCount: Int) {
    let count = touched.add(placeCount, ordering: .relaxed).newValue
    guard count > Self.residentLimit / Self.stretchSize, let start else { return }
    touched.store(0, ordering: .relaxed)
    // Only the process's view goes away; the pages stay in the system's cache. That the call may
    // fail changes nothing but the count.
    _ = madvise(UnsafeMutableRawPointer(mutating: start), byteCount, MADV_DONTNEED)
  }
}

extension Descriptor {
  /// The address of the file's first `byteCount` bytes, at least 1, which it has.
  fileprivate func map(byteCount: Int) throws(StorageError) -> UnsafeRawPointer? {
    let address = mmap(nil, byteCount, PROT_READ, MAP_SHARED, number, 0)
    guard address != MAP_FAILED else {
      throw .system(operation: "mapping", path: path, code: errno)
    }
    return UnsafeRawPointer(address)
  }
}
