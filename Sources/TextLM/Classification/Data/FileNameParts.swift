/// The parts of a file's name, `.gz` at its end left aside.
struct FileNameParts {
  /// The name without its extension.
  let stem: String
  /// What follows the last point, unless that is at an end of the name.
  let suffix: String?

  init(_ path: String) {
    var name = CorpusFile.lastComponent(path).utf8[...]
    if name.count > 3, name.suffix(3).elementsEqual(".gz".utf8) { name = name.dropLast(3) }
    if let point = name.lastIndex(of: UInt8(ascii: ".")), point != name.startIndex,
      name.index(after: point) != name.endIndex
    {
      stem = String(Substring(name[..<point]))
      suffix = String(Substring(name[name.index(after: point)...]))
    } else {
      stem = String(Substring(name))
      suffix = nil
    }
  }
}
