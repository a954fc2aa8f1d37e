import Foundation
import Testing

/// A file that TensorBoard reads.
struct EventFile: Equatable {
  /// The data of each record.
  let records: [Data]

  /// Takes a file apart, whose lengths must add up.
  init(_ bytes: Data) throws {
    var records: [Data] = []
    var rest = bytes
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= length + 16)
      records.append(rest.dropFirst(12).prefix(length))
      rest = rest.dropFirst(length + 16)
    }
    self.records = records
  }

  /// Records with a text in them.
  func count(_ text: String) -> Int {
    records.count { $0.range(of: Data(text.utf8)) != nil }
  }

  /// Whether the second record says that what comes after a step begins anew.
  func begins(after step: UInt8) -> Bool {
    records[1].suffix(6).elementsEqual([0x10, step + 1, 0x3A, 2, 8, 1])
  }
}
