import ArgumentParser
import TextLM

/// Which classifier to use.
struct ClassifierModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The classifier: a training's folder or a file. The default is classifier.textlm.",
      valueName: "path"))
  var model = ClassifyTrainCommand.standardOutput

  /// Reads the classifier.
  func load(_ notes: some NoteTaker) throws -> TextClassifier {
    try Self.load(model, notes)
  }

  /// Reads the classifier at a path.
  static func load(_ path: String, _ notes: some NoteTaker) throws -> TextClassifier {
    let classifier: TextClassifier
    do {
      classifier = try TextClassifier(contentsOf: path)
    } catch StorageError.missing(let missing) {
      throw NoModelError(path: missing, origin: "", maker: "textlm classify train")
    }
    if notes.verbose {
      notes.note(
        "\(path): \(classifier.architectureName) with "
          + "\(Numbers.grouped(classifier.parameterCount)) parameters, "
          + "\(classifier.labels.count) labels")
    }
    return classifier
  }
}
