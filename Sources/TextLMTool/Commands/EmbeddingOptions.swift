public import ArgumentParser
public import TextLM

/// How texts become vectors.
struct EmbeddingOptions: ParsableArguments {
  @OptionGroup var directed: DirectedModelOptions

  @Option(
    help: ArgumentHelp(
      """
      What a text's vector is made of: the mean of the model's outputs after each character, the \
      last of them, or the max of each component.
      """, valueName: "way"))
  var pooling: VectorPooling = .mean

  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions

  /// Reads the models.
  func embedder(_ output: some NoteTaker) throws -> TextEmbedder {
    TextEmbedder(try directed.load(output), pooling: pooling)
  }

  /// Reads the texts of a file, a line each unless told otherwise; blank ones are among them, so that each
  /// has the place of its line.
  func texts(
    _ path: String, _ embedder: TextEmbedder, _ output: some NoteTaker
  ) throws -> [UTF8Text] {
    var rules = reading.rules(for: embedder.models.forward, documents: .line)
    let isOfLines = rules.documents == .line
    // As documents, lines without characters would be left out.
    if isOfLines { rules.documents = .file }
    let file = try TextInput.read(path, output, rules)
    for notice in file.notices { output.note("note: \(notice)") }
    let texts = isOfLines ? try file.text.withoutLineEnds : try file.documents
    if texts.allSatisfy(\.isBlank) { throw EmptyTextError(name: file.sourceName) }
    return texts
  }
}

extension UTF8Text {
  /// The lines, each without the line feed or the CR and line feed that end it.
  fileprivate var withoutLineEnds: [UTF8Text] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What stands behind the last line end is a line only if it is something.
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      UTF8Text(
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self))
    }
  }

  /// Whether there is white space in it at most.
  var isBlank: Bool {
    scalars.allSatisfy { Unicode.Scalar($0)?.properties.isWhitespace == true }
  }
}

extension VectorPooling: ExpressibleByArgument {}
