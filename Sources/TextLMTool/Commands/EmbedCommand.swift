import ArgumentParser
import TextLM

/// `textlm embed`: vectors of texts.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Turn texts into vectors, a line each.",
    discussion: """
      A vector is what the model knows after it has read a text, so that texts that are alike to the \
      model have vectors of nearly the same direction. With --backward those of a model that was \
      trained with --direction backward stand behind them. Blank lines have none; --documents says \
      what a text is instead of a line.
      """)

  /// How vectors are written.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case npy
  }

  @Argument(help: ArgumentHelp("The texts; - or none for standard input.", valueName: "file"))
  var file = "-"

  @OptionGroup var options: EmbeddingOptions

  @Option(
    help: ArgumentHelp(
      """
      jsonl, an object with text and vector for each text, or npy, NumPy's float32 matrix with a row \
      for each.
      """, valueName: "form"))
  var format: Form = .jsonl

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to write them instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var engine: EngineOptions
  @OptionGroup var notes: NoteOptions

  func validate() throws {
    if let output { try ResultPath.check(output, option: "--output", input: file) }
    if format == .npy, output == nil {
      throw ValidationError("--format npy is no text: say with -o where to write it")
    }
  }

  func run() throws {
    try engine.apply()
    let embedder = try options.embedder(notes)
    engine.note(.float32, to: notes)
    let texts = try options.texts(file, embedder, notes)
    let vectors = embedder.vectors(texts)
    let width = vectors.first?.count ?? 0
    let bytes =
      switch format {
      case .npy: NumPyArrayFile.bytes(vectors, width: width)
      case .jsonl: try lines(texts, vectors)
      }
    guard let output else {
      return try Console.standardOutput(String(decoding: bytes, as: UTF8.self))
    }
    try AtomicFile.replace(output, with: bytes)
    notes.note(
      "\(output): \(Numbers.grouped(vectors.count)) vectors of \(Numbers.grouped(width)) numbers")
  }

  private func lines(_ texts: [UTF8Text], _ vectors: [[Float]]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for (text, vector) in zip(texts, vectors) {
      let row: JSONValue = [
        "text": JSONValue(text.string), "vector": .array(vector.map { JSONValue(Double($0)) }),
      ]
      bytes += try row.serialized() + [UInt8(ascii: "\n")]
    }
    return bytes
  }
}
