import Testing
import TextLMTokenization

/// Unicode's own NormalizationTest.txt, in the version of the installed file.
@Suite(
  .enabled(
    if: SharedFiles.normalizationTest != nil,
    "install Debian's package unicode-data to run Unicode's normalization test"))
struct NormalizationConformanceTests {
  /// The five columns of each line: source, NFC, NFD, NFKC, NFKD.
  private let rows: [[UTF8Text]]
  /// The scalars of part 1; every other scalar is normalized as it is.
  private let listed: Set<UInt32>

  init() {
    var rows: [[UTF8Text]] = []
    var listed: Set<UInt32> = []
    var part: Substring = ""
    for line in (SharedFiles.normalizationTest ?? "").split(separator: "\n") {
      if line.hasPrefix("@") { part = line.prefix(6) }
      let columns = line.split(separator: ";", maxSplits: 5)
      guard columns.count == 6 else { continue }
      rows.append(columns.prefix(5).map { text(hex: $0) })
      if part == "@Part1" { listed.formUnion(rows[rows.count - 1][0].scalars) }
    }
    self.rows = rows
    self.listed = listed
  }

  /// Which column each column becomes, as the head of the file demands.
  private static let forms: [(Normalizer, [Int])] = [
    (.nfc, [1, 1, 1, 3, 3]), (.nfd, [2, 2, 2, 4, 4]), (.nfkc, [3, 3, 3, 3, 3]),
  ]

  @Test func everyLine() {
    #expect(rows.count > 18_000)
    var failures: [String] = []
    for (normalizer, targets) in Self.forms {
      for row in rows {
        for (column, target) in targets.enumerated()
        where normalizer.normalize(row[column]) != row[target] {
          failures.append("\(normalizer) of \(row[column].scalars)")
        }
      }
    }
    #expect(failures.isEmpty)
  }

  @Test func allLinesAsOneText() {
    func joined(_ column: Int) -> UTF8Text {
      text(rows.flatMap { row in row[column].string.unicodeScalars + ["\n"] })
    }
    for (normalizer, targets) in Self.forms {
      for (column, target) in targets.enumerated() {
        #expect(normalizer.normalize(joined(column)) == joined(target))
      }
    }
  }

  @Test func otherScalarsAreUnchanged() {
    let others = text(allScalars.filter { !listed.contains($0.value) }.flatMap { [$0, "\n"] })
    for (normalizer, _) in Self.forms { #expect(normalizer.normalize(others) == others) }
  }
}
