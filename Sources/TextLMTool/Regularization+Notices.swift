import TextLM

extension Regularization {
  /// What of the dropout that was asked for changes nothing in a model of this architecture.
  func notices(for architecture: any CausalArchitecture) -> [String] {
    let names = type(of: architecture).hyperparameters.map(\.name)
    let layerCount = names.contains("layers") ? architecture.values.count("layers") : 1
    let betweenLayers = names.contains("dropout") ? architecture.values.rate("dropout") : 0
    var notices: [String] = []
    if betweenLayers > 0, layerCount == 1, names.contains("layers") {
      notices.append(
        "--dropout is between layers, of which there is one: it changes nothing; --output-dropout "
          + "drops units of its output")
    }
    if isDropoutLocked, betweenLayers == 0 || layerCount == 1, inputDropout == 0,
      outputDropout == 0
    {
      notices.append(
        "--locked-dropout is how --dropout, --input-dropout and --output-dropout choose units: "
          + "without one of them it changes nothing")
    }
    return notices
  }
}
