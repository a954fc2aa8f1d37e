import ArgumentParser
import TextLM

/// Which model to use.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a run's folder or a file. The default is $TEXTLM_MODEL, then model.textlm.",
      valueName: "path"))
  var model: String?

  /// Reads the model and tells what is worth telling.
  func load(_ output: some NoteTaker) throws -> TextModel {
    try load(isVerbose: output.verbose) { output.note($0) }
  }

  /// Reads the model and passes on what is worth telling.
  func load(isVerbose: Bool = false, note: (String) -> Void) throws -> TextModel {
    let (path, origin) = place
    let loaded: TextModel
    do {
      loaded = try TextModel(contentsOf: path)
    } catch StorageError.missing(let missing) {
      throw NoModelError(path: missing, origin: origin)
    }
    for warning in loaded.warnings { note("warning: \(warning)") }
    if isVerbose {
      note(
        "\(path): \(loaded.configuration.architectureName) with "
          + "\(Numbers.grouped(loaded.parameterCount)) parameters, vocabulary "
          + "\(loaded.tokenizer.vocabulary.count)")
    }
    return loaded
  }

  /// Where the model is looked for.
  var path: String { place.path }

  /// The path, and where it comes from when the command line does not say it.
  private var place: (path: String, origin: String) {
    if let model { return (model, "") }
    if let path = Environment.value("TEXTLM_MODEL") { return (path, " (from TEXTLM_MODEL)") }
    return ("model.textlm", " (the default)")
  }
}
