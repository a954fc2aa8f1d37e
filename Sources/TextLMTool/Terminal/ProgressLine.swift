/// The last line on standard error, which is kept up to date until something final is written.
struct ProgressLine {
  private var isOpen = false

  /// Writes over the open line; what is not final stays open for the next.
  mutating func write(_ text: String, isFinal: Bool) {
    let start = isOpen ? "\r\u{1B}[K" : ""
    Console.standardError(start + text + (isFinal ? "\n" : ""))
    isOpen = !isFinal
  }

  /// Ends the open line, so that what follows starts on its own.
  mutating func close() {
    if isOpen { Console.standardError("\r\u{1B}[K") }
    isOpen = false
  }
}
