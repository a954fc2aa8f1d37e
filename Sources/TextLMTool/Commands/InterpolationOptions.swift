import ArgumentParser
import TextLM

/// Models that predict together with another one.
struct InterpolationOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Take the mean of the model's probabilities and of those of this one, which reads the same \
      units; repeatable. A network and an n-gram model are usually better together than either.
      """, valueName: "model"))
  var interpolate: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      The part of a model of --interpolate in the mean, once for each in their order; the rest is the \
      first model's. All count alike by default.
      """, valueName: "part"))
  var interpolateWeight: [Double] = []

  @Option(
    help: ArgumentHelp(
      """
      Choose the parts with which this text costs least. It should not be what is measured, or the \
      result is too good.
      """, valueName: "file"))
  var interpolateTune: String?

  func validate() throws {
    guard !interpolate.isEmpty else {
      if !interpolateWeight.isEmpty {
        throw ValidationError("--interpolate-weight is given without --interpolate")
      }
      if interpolateTune != nil {
        throw ValidationError("--interpolate-tune is given without --interpolate")
      }
      return
    }
    guard !interpolateWeight.isEmpty else { return }
    if interpolateTune != nil {
      throw ValidationError("give one of --interpolate-weight and --interpolate-tune")
    }
    if interpolateWeight.count != interpolate.count {
      throw ValidationError(
        "--interpolate-weight is given \(interpolateWeight.count) times, but --interpolate "
          + "\(interpolate.count) times: give one for each")
    }
    do throws(MixtureError) {
      _ = try MixtureWeights(others: interpolateWeight)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Whether there is another model.
  var isWanted: Bool { !interpolate.isEmpty }

  /// The mixture of a model, at `path`, with the others; nil where there is none.
  func mixture(
    with model: TextModel, at path: String, _ rules: ReadingRules, precision: ComputePrecision,
    _ output: some NoteTaker
  ) throws -> ModelMixture? {
    guard isWanted else { return nil }
    let others = try interpolate.map { path -> ModelMixture.Part in
      var options = ModelOptions()
      options.model = path
      do {
        return ModelMixture.Part(try options.load(output), name: path)
      } catch let error as NoModelError {
        throw NoModelError(path: error.path, origin: error.origin, option: "--interpolate")
      }
    }
    let mixture = try ModelMixture(
      [ModelMixture.Part(model, name: path)] + others,
      weights: interpolateWeight.isEmpty ? nil : MixtureWeights(others: interpolateWeight))
    guard let interpolateTune else { return mixture }
    let texts = try TextInput.readAll([interpolateTune], rules, output).flatMap { try $0.documents }
    if texts.isEmpty { throw EmptyTextError(name: interpolateTune) }
    return try mixture.tuned(
      on: texts, includesEnds: rules.documents.separatesWithinFiles, precision: precision)
  }
}

extension ModelMixture {
  /// The models with their parts, in words.
  var summary: String {
    zip(parts, weights.values).map { "\($0.name) \(Numbers.fixed($1, 3))" }.joined(separator: ", ")
  }

  /// The models with their parts.
  var json: JSONValue {
    .array(
      zip(parts, weights.values).map { ["model": JSONValue($0.name), "weight": JSONValue($1)] })
  }
}
