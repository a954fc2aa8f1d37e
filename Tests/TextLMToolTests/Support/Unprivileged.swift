import Foundation

/// A user whom permissions bind: root reads and writes everything.
enum Unprivileged {
  /// What starts a command as such a user; nothing when the tests are run by one.
  static var wrapper: [String] {
    geteuid() == 0
      ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
  }

  /// Whether there is such a user, who may also start the command.
  static var isPossible: Bool {
    guard geteuid() == 0 else { return true }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
      let tool = try? ToolBinary.path()
    else { return false }
    let probe = Process()
    probe.executableURL = URL(filePath: "/usr/bin/setpriv")
    probe.arguments = Array(wrapper.dropFirst()) + [tool, "--version"]
    probe.standardOutput = FileHandle.nullDevice
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return false }
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }
}
