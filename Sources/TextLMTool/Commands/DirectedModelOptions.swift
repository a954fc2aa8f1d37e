import ArgumentParser
import TextLM

/// A model that reads forward, and one that reads backward.
struct DirectedModelOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "A second model that reads backward: both sides of a place are known then.",
      valueName: "model"))
  var backward: String?

  /// Reads the models.
  func load(_ output: some NoteTaker) throws -> DirectedModels {
    let forward = try model.load(output)
    let backward = try self.backward.map { path in
      let model = try TextModel(contentsOf: path)
      for warning in model.warnings { output.note("warning: \(warning)") }
      return (model: model, name: path)
    }
    return try DirectedModels(forward: (forward, model.path), backward: backward)
  }
}
