/// Whether the first row of a table names its columns.
enum TableHeader {
  private static let longestName = 64
  private static let mostWords = 4

  /// Finds out whether the first of some rows is no data.
  ///
  /// It is none in either of two cases:
  /// - Each of its fields could be a name (no more than four words and 64 bytes, of letters, digits,
  ///   `_`, `-` and `.`; or nothing), one is the usual name of a column (see `LabelledColumns`), and
  ///   this one is not found again in its column. Where one is usual for a text and another one for
  ///   a label, either may be found again.
  /// - In some column all other rows have a number, at least two of them, and the first one has
  ///   something else.
  ///
  /// - Parameter rows: The first rows, at least one.
  static func isPresent(in rows: [DelimitedRow]) -> Bool {
    let first = rows[0].fields
    let others = rows.dropFirst().map(\.fields)
    func column(_ index: Int) -> [String] {
      others.compactMap { $0.indices.contains(index) ? $0[index] : nil }
    }
    if first.allSatisfy(isName) {
      let names = first.map(LabelledColumns.lowered)
      let texts = names.indices.filter { LabelledColumns.textNames.contains(names[$0]) }
      let labels = names.indices.filter { LabelledColumns.labelNames.contains(names[$0]) }
      if !texts.isEmpty, !labels.isEmpty { return true }
      if (texts + labels).contains(where: { index in
        !column(index).contains { LabelledColumns.lowered($0) == names[index] }
      }) {
        return true
      }
    }
    return first.indices.contains { index in
      let values = column(index).map(\.whiteSpaceTrimmed)
      return values.count > 1 && values.allSatisfy { LabelSet.number($0) != nil }
        && !first[index].isBlank && LabelSet.number(first[index].whiteSpaceTrimmed) == nil
    }
  }

  private static func isName(_ field: String) -> Bool {
    let name = field.whiteSpaceTrimmed
    return name.utf8.count <= longestName
      && name.utf8.count { $0 == UInt8(ascii: " ") } < mostWords
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_-. ".unicodeScalars.contains($0)
      }
  }
}
