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

  /// Reads the texts of a file, a line each unless told otherwise; blank lines are none.
  func texts(
    _ path: String, _ embedder: TextEmbedder, _ output: some NoteTaker
  ) throws -> [UTF8Text] {
    let newlines = embedder.models.forward.tokenizer.preparation.newlines
    let rules = reading.rules(
      ReadingRules(invalidBytes: .replace, newlines: newlines, documents: .line))
    let file = try TextInput.read(path, output, rules)
    for notice in file.notices { output.note("note: \(notice)") }
    let texts = try file.documents
    if texts.isEmpty { throw EmptyTextError(name: file.name) }
    return texts
  }
}

extension VectorPooling: ExpressibleByArgument {}
