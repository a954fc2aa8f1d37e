import ArgumentParser
import TextLM

/// `textlm embed`: vectors of texts.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Turn texts into vectors, a line each.",
    discussion: """
      A vector is what the model knows after it has read a text, so that texts that are alike to the \
      model have vectors of nearly the same direction. With --backward those of a model that was \
      trained with --direction backward stand behind them. A blank line says nothing and has no vector, \
      but keeps its place: null as JSON, and for NumPy a row of NaN. --documents says what a text is \
      instead of a line.
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
      for each, which needs -o.
      """, valueName: "form"))
  var format: Form = .jsonl

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to write them instead of standard output, which is -.", valueName: "file"))
  var output: String?

  @OptionGroup var replacing: OverwriteOptions

  @OptionGroup var engine: EngineOptions
  @OptionGroup var notes: NoteOptions

  func validate() throws {
    if format == .npy, output == nil {
      throw ValidationError("--format npy is no text: say with -o where to write it")
    }
    try replacing.checkUse(output, option: "-o", input: file == "-" ? nil : file)
  }

  func run() throws {
    try replacing.checkFree(output, option: "-o")
    if format == .npy, let output { try ResultPath.checkTerminal(output) }
    try engine.apply()
    let embedder = try options.embedder(notes)
    engine.note(.float32, to: notes)
    let texts = try options.texts(file, embedder, notes)
    let vectors = Self.vectors(texts, embedder)
    let found = vectors.compactMap { $0 }
    let width = found.first?.count ?? 0
    let bytes =
      switch format {
      case .npy:
        NumPyArrayFile.bytes(
          vectors.map { $0 ?? [Float](repeating: .nan, count: width) }, width: width)
      case .jsonl: try lines(texts, vectors)
      }
    let path = output ?? ResultPath.standardOutput
    try ResultPath.write(bytes, to: path)
    let blankCount = texts.count - found.count
    if blankCount > 0 {
      notes.note(
        "note: \(Numbers.grouped(blankCount)) blank \(blankCount == 1 ? "text has" : "texts have") "
          + "no vector, but \(format == .npy ? "NaN" : "null")")
    }
    if path != ResultPath.standardOutput {
      notes.note(
        "\(path): \(Numbers.grouped(found.count)) vectors of \(Numbers.grouped(width)) numbers")
    }
  }

  /// The vector of each text; nil for blank ones.
  private static func vectors(_ texts: [UTF8Text], _ embedder: TextEmbedder) -> [[Float]?] {
    var found = embedder.vectors(texts.filter { !$0.isBlank }).makeIterator()
    return texts.map { $0.isBlank ? nil : found.next() }
  }

  private func lines(_ texts: [UTF8Text], _ vectors: [[Float]?]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for (text, vector) in zip(texts, vectors) {
      let row: JSONValue = [
        "text": JSONValue(text.string),
        "vector": vector.map { JSONValue.array($0.map { JSONValue(Double($0)) }) } ?? .null,
      ]
      bytes += try row.serialized() + [UInt8(ascii: "\n")]
    }
    return bytes
  }
}
