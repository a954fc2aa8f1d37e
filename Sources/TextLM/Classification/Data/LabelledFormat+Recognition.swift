extension LabelledFormat {
  /// The format of a file by its name and its beginning; nil for plain text.
  ///
  /// A first line with a label of fastText's says more than the name, and the name more than an
  /// object in the first line.
  init?(name: String, start: [UInt8]) {
    let text = start.drop { $0.isJSONSpace }
    if text.starts(with: FastTextLine.prefix.utf8) {
      self = .fastText
    } else if let named = LabelledFormat(extensionOf: name) {
      self = named
    } else if text.first == UInt8(ascii: "{") {
      self = .jsonLines
    } else {
      return nil
    }
  }

  /// The format that a file's extension says, that of compression left aside; nil for others.
  package init?(extensionOf name: String) {
    switch FileNameParts(name).suffix?.lowercased() {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson", "json": self = .jsonLines
    default: return nil
    }
  }
}

extension UInt8 {
  /// Whether it is white space around JSON.
  var isJSONSpace: Bool {
    self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B && self != 0x0C
  }
}
