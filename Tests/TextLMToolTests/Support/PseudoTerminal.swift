import Foundation

/// A terminal that a test looks at in a person's place.
final class PseudoTerminal {
  private let descriptor: Int32
  /// The file that a process uses as its terminal.
  let path: String
  private(set) var screen: [UInt8] = []

  struct OpenError: Error {
    let code: Int32
  }

  init(columns: Int, rows: Int = 24) throws {
    // What `posix_openpt`, `unlockpt` and `ptsname` do, which Swift does not see everywhere.
    let unlock: UInt = 0x4004_5431
    let number: UInt = 0x8004_5430
    var isLocked: Int32 = 0
    var terminal: Int32 = 0
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0, ioctl(descriptor, unlock, &isLocked) == 0,
      ioctl(descriptor, number, &terminal) == 0
    else { throw OpenError(code: errno) }
    path = "/dev/pts/\(terminal)"
    try resize(columns: columns, rows: rows)
  }

  /// Changes the size, as a person does with a window.
  func resize(columns: Int, rows: Int) throws {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else { throw OpenError(code: errno) }
  }

  /// Whether what is typed is shown by the terminal itself, line by line, as it is for a shell.
  var isCooked: Bool {
    var settings = termios()
    return tcgetattr(descriptor, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
      && settings.c_lflag & tcflag_t(ICANON) != 0
  }

  /// Types keys.
  func type(_ keys: String) throws {
    let bytes = Array(keys.utf8)
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw OpenError(code: errno)
    }
  }

  deinit {
    close(descriptor)
  }

  /// Takes what has been written so far.
  func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return }
      screen += buffer.prefix(count)
    }
  }

  /// All that was written, with the terminal's line ends as plain ones.
  var text: String {
    String(decoding: screen, as: UTF8.self).replacing("\r\n", with: "\n")
  }
}
