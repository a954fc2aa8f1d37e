import ArgumentParser
import TextLM

/// `textlm decompress`: turns a compressed file back into what it was.
struct DecompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decompress", abstract: "Turn a compressed file back into what it was.",
    discussion: """
      Needs the model that compressed it, which the file knows by its checksum. A file that is \
      damaged, or cannot be computed alike here, is refused with the reason, and nothing is written.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp(
      "A file that `textlm compress` made; - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup var result: ResultFileOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if result.output == nil, file == "-" {
      throw ValidationError(
        "say with -o where standard input goes when it is decompressed; - is standard output")
    }
    if result.output == nil, CompressedName.original(of: file) == nil {
      throw ValidationError(
        "\(file) does not end with \(CompressedName.suffix): say with -o where the original goes")
    }
    try result.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let path = result.output ?? CompressedName.original(of: file) ?? file
    try result.check(path, input: file)
    let model = try modelOptions.load(shared.output)
    shared.noteEngine(.float32)
    // What is stored as it is has a header besides.
    let limit = TextCompressor.greatestByteCount + 1 << 12
    let compressed =
      file == "-"
      ? try FileReader.standardInput(atMost: limit)
      : try FileReader.bytes(at: file, atMost: limit)
    let source = file == "-" ? "standard input" : file
    let bytes = try TextDecompressor(model).decompress(compressed, source: source)
    try ResultPath.write(bytes, to: path)
    switch shared.format {
    case .text:
      if path != ResultPath.standardOutput { shared.note("written to \(path)") }
    case .json:
      let row: JSONValue = ["file": JSONValue(path), "bytes": JSONValue(bytes.count)]
      try Console.standardOutput(row.text() + "\n")
    }
  }
}
