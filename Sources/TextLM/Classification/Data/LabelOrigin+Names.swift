import TextLMTensors

extension LabelOrigin {
  /// Where the labels of files of lines are: the extension where every file has one and these
  /// differ, else the name where names differ, else the folder. A single file has it in its name.
  init(of files: [CorpusFile]) {
    let parts = files.map { FileNameParts($0.name) }
    let suffixes = parts.compactMap(\.suffix)
    if suffixes.count == files.count, Set(suffixes.map(UTF8Key.init)).count > 1 {
      self = .fileExtension
    } else if files.count < 2 || Set(parts.map { UTF8Key($0.stem) }).count > 1 {
      self = .fileName
    } else {
      self = .folder
    }
  }

  /// The label that a file's name has, or that of its folder: of the one directly in the folder that
  /// was named, or else of the one the file lies in.
  ///
  /// - Throws: `LabelledDataError.noLabelInName`.
  func label(of file: CorpusFile) throws(LabelledDataError) -> String {
    guard let label = name(of: file) else {
      throw .noLabelInName(path: file.sourceName, self)
    }
    return label
  }

  /// The same; nil where there is no label.
  func name(of file: CorpusFile) -> String? {
    let label: String?
    switch self {
    case .fileName: label = file.isNamed ? FileNameParts(file.name).stem : nil
    case .fileExtension: label = file.isNamed ? FileNameParts(file.name).suffix : nil
    case .folder:
      let components = file.pathComponents
      label =
        components.count > 2
        ? components[1]
        : file.sourceName.utf8.split(separator: UInt8(ascii: "/")).dropLast().last.map {
          String(Substring($0))
        }
    }
    guard let label, !label.isBlank, label != ".", label != ".." else { return nil }
    return label
  }
}

extension CorpusFile {
  /// The parts of the name from the folder on that was named; one part for a file that was named.
  var pathComponents: [String] {
    name.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// Whether it has a name, unlike standard input.
  fileprivate var isNamed: Bool { name != "-" }
}
