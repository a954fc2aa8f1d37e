/// A file that is one text; one line end at its end does not belong to it.
struct FileRow: LabelledRows {
  private let label: String
  private let path: String
  private var bytes: [UInt8] = []

  init(label: String, path: String) {
    self.label = label
    self.path = path
  }

  var notices: [String] { [] }

  mutating func read(_ bytes: [UInt8], into collector: inout LabelledCollector) throws {
    self.bytes += bytes
  }

  mutating func finish(into collector: inout LabelledCollector) throws {
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    try collector.add(
      String(decoding: bytes, as: UTF8.self), labels: [label],
      at: LabelledPlace(path: path, line: 1))
  }
}
