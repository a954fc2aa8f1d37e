import ArgumentParser
import TextLM

/// `textlm bench text`: measures how fast this machine turns text into tokens.
struct BenchTextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Measure how fast this machine turns text into tokens, on one core.",
    discussion: """
      Each text is normalized (NFC), cut into units and numbered with a vocabulary of its own. \
      Without texts, ASCII and a mixture of scripts are made up. The ratio is to a plain C loop \
      that does nothing but decode, or ask ICU for every boundary.
      """)

  @Argument(help: ArgumentHelp("Texts; - for standard input.", valueName: "file"))
  var files: [String] = []

  @Option(help: ArgumentHelp("Time for each figure.", valueName: "seconds"))
  var seconds = 1.0

  @OptionGroup(title: "Reading of the text") var reading: EncodingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try reading.check(hasText: !files.isEmpty, needed: "a file")
    if !(seconds > 0 && seconds <= 3600) {
      throw ValidationError("--seconds is \(seconds), but must be above 0 and at most 3600")
    }
  }

  func run() throws {
    if output.format == .text {
      try Console.standardOutput(
        "text              megabytes  unit          MB/s   plain loop MB/s   ratio\n")
    }
    for (name, text) in try texts() {
      for unit in SegmenterRegistry.builtIn.names {
        if output.verbose { output.note("measuring \(unit) on \(name)") }
        let benchmark = try TextBenchmark(text, unit: unit)
        try show(name, text, unit, benchmark.measure(seconds: seconds))
      }
    }
  }

  private func texts() throws -> [(name: String, text: UTF8Text)] {
    guard files.isEmpty else {
      return try files.map { ($0, try TextInput.read($0, output, reading.rules()).text) }
    }
    return [("ASCII", TextBenchmark.asciiText), ("mixed", TextBenchmark.mixedText)]
  }

  private func show(
    _ name: String, _ text: UTF8Text, _ unit: String, _ result: TextBenchmark.Result
  ) throws {
    switch output.format {
    case .json:
      let row: JSONValue = [
        "text": JSONValue(name), "bytes": JSONValue(text.bytes.count), "unit": JSONValue(unit),
        "bytes_per_second": JSONValue(result.bytesPerSecond),
        "plain_bytes_per_second": JSONValue(result.plainBytesPerSecond),
        "ratio": JSONValue(result.bytesPerSecond / result.plainBytesPerSecond),
      ]
      try Console.standardOutput(row.text() + "\n")
    case .text:
      func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
      }
      try Console.standardOutput(
        left(TerminalText.visible(name), 17)
          + right(Numbers.fixed(Double(text.bytes.count) / 1e6, 2), 10) + "  " + left(unit, 10)
          + right(Numbers.fixed(result.bytesPerSecond / 1e6, 0), 8)
          + right(Numbers.fixed(result.plainBytesPerSecond / 1e6, 0), 18)
          + right(Numbers.fixed(result.bytesPerSecond / result.plainBytesPerSecond, 2), 8) + "\n")
    }
  }
}
