#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import TextLM

/// The three standard streams.
enum Console {
  /// Whether a person sees standard output.
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether a person sees standard error.
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  /// Whether a person types standard input.
  static let inputIsTerminal = isatty(STDIN_FILENO) == 1

  /// Columns of the terminal that shows standard error; 80 when it does not say.
  static var errorColumns: Int { columns(of: STDERR_FILENO) ?? 80 }
  /// Columns of the terminal that shows standard output; nil when there is none.
  static var outputColumns: Int? { columns(of: STDOUT_FILENO) }

  /// Columns and rows of the terminal that shows standard output; nil when it does not say.
  static var outputSize: (columns: Int, rows: Int)? {
    guard let size = size(of: STDOUT_FILENO), size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private static func columns(of descriptor: Int32) -> Int? {
    guard let size = size(of: descriptor), size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private static func size(of descriptor: Int32) -> winsize? {
    var size = winsize()
    #if canImport(Darwin)
      let request: UInt = 0x4008_7468
    #else
      let request = UInt(TIOCGWINSZ)
    #endif
    return ioctl(descriptor, request, &size) == 0 ? size : nil
  }

  /// Writes text as it is, at once. Ends the program quietly when nobody reads any more.
  static func standardOutput(_ text: String) throws {
    try standardOutput(Array(text.utf8))
  }

  /// Writes bytes as they are, at once. Ends the program quietly when nobody reads any more.
  static func standardOutput(_ bytes: [UInt8]) throws {
    let code = write(bytes, to: STDOUT_FILENO)
    if code == EPIPE { exit(0) }
    if code != 0 {
      throw StorageError.system(operation: "writing", path: "standard output", code: code)
    }
  }

  /// Writes text that models or corpora made up: on a terminal, control characters are shown and
  /// not obeyed, unless `isRaw`.
  static func standardOutput(untrusted text: String, isRaw: Bool = false) throws {
    try standardOutput(outputIsTerminal && !isRaw ? TerminalText.neutralized(text) : text)
  }

  /// Writes a note. One that cannot be written is lost: there is nowhere left to say so.
  static func standardError(_ text: String) {
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// The error that ended the writing; 0 when all was written.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBufferPointer { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, start, rest.count)
        #elseif canImport(Musl)
          let count = Musl.write(descriptor, start, rest.count)
        #else
          let count = Darwin.write(descriptor, start, rest.count)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
      return 0
    }
  }
}
