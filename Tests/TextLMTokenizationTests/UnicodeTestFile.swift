import Foundation
import TextLMTokenization

/// One of Unicode's files of break tests, as Debian's package unicode-data installs them.
enum UnicodeTestFile {
  /// A text and where it is to be broken.
  struct Case: Sendable {
    let text: UTF8Text
    /// The pieces, in scalars.
    let pieces: [[UInt32]]
  }

  /// Whether the files are there.
  static let isInstalled = FileManager.default.fileExists(atPath: path("GraphemeBreakTest"))

  private static func path(_ name: String) -> String {
    "/usr/share/unicode/auxiliary/\(name).txt"
  }

  /// The cases of a file: lines such as `÷ 0061 × 0308 ÷`.
  static func cases(_ name: String) throws -> [Case] {
    let file = try String(contentsOfFile: path(name), encoding: .utf8)
    return file.split(separator: "\n").compactMap { line in
      let marks = line.prefix { $0 != "#" }
      guard marks.contains("÷") else { return nil }
      let pieces = marks.split(separator: "÷").map { piece in
        piece.split { $0 == " " || $0 == "×" || $0 == "\t" }.compactMap { UInt32($0, radix: 16) }
      }
      let whole = pieces.filter { !$0.isEmpty }
      return Case(text: text(whole.joined().compactMap(Unicode.Scalar.init)), pieces: whole)
    }
  }
}
