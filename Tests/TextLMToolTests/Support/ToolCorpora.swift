import Foundation

/// Texts that come with the package.
enum ToolCorpora {
  /// English prose and verse.
  static func harbour(characters: Int) throws -> String {
    String(try text("harbour.txt").prefix(characters))
  }

  /// Paragraphs in many scripts.
  static func scripts() throws -> String {
    try text("scripts.txt")
  }

  /// Labelled reviews, a row a line.
  static func reviews() throws -> String {
    try text("reviews.csv")
  }

  private static func text(_ name: String) throws -> String {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: package.appending(path: "corpora").appending(path: name), encoding: .utf8)
  }
}
