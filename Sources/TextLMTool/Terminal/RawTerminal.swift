#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import TextLM

/// The terminal with a screen of our own, on which every key comes at once and none is shown.
///
/// It is as it was before when this is let go of.
struct RawTerminal: ~Copyable {
  private let original: termios

  /// Takes the terminal over. Throws `StorageError` when standard input is none.
  init() throws {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
      throw StorageError.system(operation: "asking", path: "the terminal", code: errno)
    }
    let original = settings
    cfmakeraw(&settings)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else {
      throw StorageError.system(operation: "setting", path: "the terminal", code: errno)
    }
    do {
      // The other screen, and marks around what is pasted.
      try Console.standardOutput("\u{1B}[?1049h\u{1B}[?2004h")
    } catch {
      settings = original
      _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      throw error
    }
    self.original = original
  }

  deinit {
    do {
      try Console.standardOutput("\u{1B}[0m\u{1B}[?2004l\u{1B}[?1049l")
    } catch {
      // Where the terminal is gone there is no screen to go back to.
    }
    var settings = original
    _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
  }

  /// What was typed, after waiting for it so many milliseconds at most; nothing when nothing was.
  ///
  /// Throws `StorageError` when the terminal is gone.
  func read(milliseconds: Int32) throws(StorageError) -> [UInt8] {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let count = poll(&waiting, 1, milliseconds)
    if count == 0 || count < 0 && errno == EINTR { return [] }
    var buffer = [UInt8](repeating: 0, count: 4096)
    #if canImport(Glibc)
      let length = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    #elseif canImport(Musl)
      let length = Musl.read(STDIN_FILENO, &buffer, buffer.count)
    #else
      let length = Darwin.read(STDIN_FILENO, &buffer, buffer.count)
    #endif
    if length < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
    guard length > 0 else {
      throw .system(operation: "reading", path: "standard input", code: length < 0 ? errno : EIO)
    }
    return Array(buffer.prefix(length))
  }

  /// Shows a screen in one go.
  func show(_ screen: WritingScreen) throws {
    // Each line is erased behind its end: erasing all of the screen first would flicker.
    let lines = screen.lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
    try Console.standardOutput(
      "\u{1B}[?25l\u{1B}[H\(lines)"
        + "\u{1B}[\(screen.cursorRow + 1);\(screen.cursorColumn + 1)H\u{1B}[?25h")
  }
}
