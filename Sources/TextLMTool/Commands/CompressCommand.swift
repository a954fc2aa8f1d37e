import ArgumentParser
import TextLM

/// `textlm compress`: makes a file smaller with a model.
struct CompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Make a file smaller with what a model knows of its text.",
    discussion: """
      Every character takes as many bits as the model says it is worth, which is the proof of what \
      `textlm score` promises: bits per character and of the model agree to about a thousandth, and \
      the header takes some 20 bytes. Any file comes back byte for byte: what is no text or unknown \
      to the model is spelled out, and what would become longer is stored as it is. Text is not \
      prepared as for training: where a model has it in lower case, say, capitals are spelled out.

      Decompressing needs the same model, the same version of textlm and a processor whose \
      instructions round alike; it takes as long as compressing. Files are read whole, up to 256 MiB.

      With -o - the file goes to standard output, and the table to standard error.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: ArgumentHelp("What to compress; - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup var result: ResultFileOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Stretches of the file to read side by side, up to 64: more are faster, and each costs up to \
      some 100 bits, for the model begins it with nothing in mind. The default is one for each \
      32,768 characters.
      """, valueName: "n"))
  var stretches: Int?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let stretches, !TextCompressor.stretchCounts.contains(stretches) {
      throw ValidationError("--stretches is \(stretches), but must be from 1 to 64")
    }
    if file == "-" && result.output == nil {
      throw ValidationError(
        "say with -o where standard input goes when it is compressed; - is standard output")
    }
    try result.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let path = result.output ?? file + CompressedName.suffix
    try result.check(path, input: file)
    try ResultPath.checkTerminal(path)
    let model = try modelOptions.load(shared.output)
    shared.noteEngine(.float32)
    let limit = TextCompressor.greatestByteCount
    if file == "-" { TextInput.noteTyping(shared.output) }
    let bytes =
      file == "-"
      ? try FileReader.standardInput(atMost: limit)
      : try FileReader.bytes(at: file, atMost: limit)
    let clock = ContinuousClock()
    let start = clock.now
    let compressed = TextCompressor(model, stretchCount: stretches).compress(bytes)
    let speed = Double(bytes.count) / ((clock.now - start) / .seconds(1))
    try ResultPath.write(compressed.file, to: path)
    try show(compressed.summary, path: path, bytesPerSecond: speed)
  }

  private func show(
    _ summary: CompressionSummary, path: String, bytesPerSecond: Double
  ) throws {
    if shared.format == .json {
      var object: JSONObject = ["file": JSONValue(path)]
      for member in summary.json.members { object.append(member.key, member.value) }
      object.append("bytes_per_second", JSONValue(bytesPerSecond))
      return try Console.standardOutput(JSONValue.object(object).text(nonFinite: .null) + "\n")
    }
    if summary.isStored {
      shared.note("note: the model would not make it shorter: stored as it is")
    }
    let isFile = path != ResultPath.standardOutput
    var rows = [
      ("file", isFile ? path : "standard output"),
      ("original bytes", Numbers.grouped(summary.originalByteCount)),
      ("compressed bytes", Numbers.grouped(summary.compressedByteCount)),
      ("of them content", Numbers.grouped(summary.contentByteCount)),
      ("ratio", Numbers.fixed(summary.ratio, 3)),
    ]
    let bits: [(String, Double?)] = [
      ("bits per byte", summary.bitsPerByte),
      ("of the model", summary.modelBitsPerByte),
      ("bits per character", summary.bitsPerCharacter),
      ("of the model", summary.modelBitsPerCharacter),
    ]
    rows += bits.compactMap { label, value in value.map { (label, Numbers.fixed($0, 4)) } }
    rows += [
      ("unknown characters", Numbers.grouped(summary.unknownCharacterCount)),
      ("raw bytes", Numbers.grouped(summary.rawByteCount)),
      ("stretches", "\(summary.stretchCount)"),
      ("bytes per second", Numbers.rate(bytesPerSecond)),
    ]
    for (label, value) in rows {
      let padding = String(repeating: " ", count: 20 - label.count)
      guard isFile else {
        shared.note(label + padding + value)
        continue
      }
      try Console.standardOutput(untrusted: label + padding + value)
      try Console.standardOutput("\n")
    }
  }
}
