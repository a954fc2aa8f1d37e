public import Foundation

/// Data beside the package that some tests read: golden vectors and corpora.
///
/// It lies in `../shared` as seen from the package, or where the environment variable
/// `TEXTLM_SHARED` says. Tests that need it are skipped where it is absent: `@Test(.enabled(if:
/// SharedData.has("data/tinyshakespeare.txt"), "needs ../shared"))`.
public enum SharedData {
  /// Whether the file at `path` below the shared folder exists.
  public static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path)
  }

  /// Where the file at `path` below the shared folder is, if it is.
  public static func url(_ path: String) -> URL {
    folder.appending(path: path)
  }

  private static var folder: URL {
    if let path = ProcessInfo.processInfo.environment["TEXTLM_SHARED"] {
      return URL(filePath: path)
    }
    var package = URL(filePath: #filePath).deletingLastPathComponent()
    while package.path != "/",
      !FileManager.default.fileExists(atPath: package.appending(path: "Package.swift").path)
    {
      package.deleteLastPathComponent()
    }
    return package.deletingLastPathComponent().appending(path: "shared")
  }
}
