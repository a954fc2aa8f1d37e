import Foundation

/// Where the built command is: beside the tests, or where `TEXTLM_TOOL` says.
enum ToolBinary {
  struct NotFound: Error, CustomStringConvertible {
    let candidates: [String]
    var description: String {
      "no textlm at \(candidates.joined(separator: ", ")): build the package, or set TEXTLM_TOOL"
    }
  }

  static func path() throws -> String {
    var candidates: [String] = []
    if let path = ProcessInfo.processInfo.environment["TEXTLM_TOOL"] { candidates.append(path) }
    var folder = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    // A test bundle may be a folder with the executable some levels below.
    for _ in 0..<4 {
      folder.deleteLastPathComponent()
      candidates.append(folder.appending(path: "textlm").path)
    }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw NotFound(candidates: candidates)
    }
    return found
  }
}
