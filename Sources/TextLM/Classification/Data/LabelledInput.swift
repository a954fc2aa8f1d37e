import TextLMTensors

/// Files that are read alike, with the labels that their names have.
struct LabelledInput {
  /// What was named: a file or a folder.
  let path: String
  /// How they are written, never `automatic`.
  let format: LabelledFormat
  /// The files; a label is nil where it is in the file.
  let files: [(file: CorpusFile, label: String?)]
  /// What is worth telling.
  var notices: [String] = []
}

extension LabelledReading {
  /// What a path led to.
  struct Root {
    let path: String
    let files: [CorpusFile]
  }

  /// What is to be read and how.
  ///
  /// Of several folders with files of plain text directly in them, each is a label, and its files are texts;
  /// see `foldersThatAreLabels`.
  func inputs(of roots: [Root]) throws -> [LabelledInput] {
    let labelFolders = try foldersThatAreLabels(roots)
    // Plain text is decided on together: several files of it have their labels in their names.
    var found: [(root: Root, file: CorpusFile?, format: LabelledFormat?, table: LabelledFormat?)] =
      []
    for (index, root) in roots.enumerated() {
      if isFolderOfTexts(root) || labelFolders.contains(index) {
        found.append((root, nil, .folder, nil))
        continue
      }
      for file in root.files {
        let needsStart = format == .automatic || format == .jsonLines
        let start = needsStart ? try file.firstPassage?.text.bytes ?? [] : []
        let known = format == .automatic ? LabelledFormat(name: file.name, start: start) : format
        if known == .jsonLines, start.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "[") {
          throw LabelledDataError.jsonArray(path: file.sourceName)
        }
        found.append((root, file, known, known == nil ? table(start) : nil))
      }
    }
    let plain = found.filter { $0.format == nil }
    let arePlainTables = hasTableSettings || hasColumns || !plain.contains { $0.table == nil }
    let decided = try found.map { item in
      if let format = item.format { return format }
      if arePlainTables && labelOrigin == nil { return item.table ?? .csv }
      guard plain.count > 1 || labelOrigin != nil else {
        throw LabelledDataError.unknownFormat(path: item.file?.sourceName ?? item.root.path)
      }
      return .lines
    }
    let lineFiles = zip(found, decided).filter { $1 == .lines }.compactMap(\.0.file)
    let origin = labelOrigin ?? LabelOrigin(of: lineFiles)
    return try zip(found, decided).map { item, format in
      try check(format, path: item.root.path)
      guard let file = item.file else { return try folderInput(item.root) }
      let label =
        format == .lines || labelOrigin != nil ? try origin.label(of: file) : nil
      return LabelledInput(path: file.sourceName, format: format, files: [(file, label)])
    }
  }

  /// Whether files are texts, with the names of their folders as labels.
  private func isFolderOfTexts(_ root: Root) -> Bool {
    switch format {
    case .folder: true
    case .automatic where labelOrigin == nil || labelOrigin == .folder:
      !hasTableSettings && !hasColumns
        && root.files.contains {
          $0.pathComponents.count > 2 && LabelledFormat(extensionOf: $0.name) == nil
        }
    default: false
    }
  }

  /// The numbers of the folders of which each is a label: at least two of different names, with files of
  /// plain text directly in them and no folders, and several files in one of them. None where the labels are
  /// said to be elsewhere.
  private func foldersThatAreLabels(_ roots: [Root]) throws -> Set<Int> {
    guard format == .automatic, labelOrigin == nil || labelOrigin == .folder, !hasTableSettings,
      !hasColumns
    else { return [] }
    var (places, names) = (Set<Int>(), Set<UTF8Key>())
    for (index, root) in roots.enumerated() {
      guard let first = root.files.first,
        root.files.allSatisfy({
          $0.pathComponents.count == 2 && LabelledFormat(extensionOf: $0.name) == nil
        }),
        LabelledFormat(name: first.name, start: try first.firstPassage?.text.bytes ?? []) == nil,
        let name = LabelOrigin.folder.name(of: first)
      else { continue }
      places.insert(index)
      names.insert(UTF8Key(name))
    }
    guard names.count > 1, places.contains(where: { roots[$0].files.count > 1 }) else { return [] }
    return places
  }

  /// The files of a folder whose folders are labels, or of one that is a label itself.
  private func folderInput(_ root: Root) throws(LabelledDataError) -> LabelledInput {
    let inner = root.files.filter { $0.pathComponents.count > 2 }
    let files = inner.isEmpty ? root.files : inner
    var labelled: [(file: CorpusFile, label: String?)] = []
    for file in files { labelled.append((file, try LabelOrigin.folder.label(of: file))) }
    let skipped = root.files.count - files.count
    var notices = ["a text a file"]
    if inner.isEmpty, let label = labelled.first?.label {
      notices.append("label \(quotedForMessage(label)), from the folder's name")
    } else {
      notices.append("a label a folder")
    }
    if skipped > 0 { notices.append("not read: \(skipped) files beside the folders of labels") }
    return LabelledInput(path: root.path, format: .folder, files: labelled, notices: notices)
  }

  /// The format of a table of which plain text begins like one; nil when it does not.
  private func table(_ start: [UInt8]) -> LabelledFormat? {
    let (dialect, agreement, rowCount) = DelimitedDialect.sniffed(
      start, among: delimiters(.csv), hasQuotes: hasQuotes)
    guard agreement == 1, rowCount > 1 else { return nil }
    return dialect.delimiter == DelimitedDialect.tab ? .tsv : .csv
  }
}
