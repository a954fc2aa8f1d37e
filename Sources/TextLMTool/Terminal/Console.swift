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

  /// Writes text as it is, at once. Ends the program quietly when nobody reads any more.
  static func standardOutput(_ text: String) throws {
    try write(text, to: STDOUT_FILENO, name: "standard output")
  }

  /// Writes text that models or corpora made up: on a terminal, control characters are shown and
  /// not obeyed.
  static func standardOutput(untrusted text: String) throws {
    try standardOutput(outputIsTerminal ? TerminalText.neutralized(text) : text)
  }

  /// Writes a note. One that cannot be written is lost: there is nowhere left to say so.
  static func standardError(_ text: String) {
    do { try write(text, to: STDERR_FILENO, name: "standard error") } catch {}
  }

  private static func write(_ text: String, to descriptor: Int32, name: String) throws {
    var text = text
    try text.withUTF8 { bytes in
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
          if errno == EPIPE { exit(0) }
          throw StorageError.system(operation: "write", path: name, code: errno)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}
