/// The making of a classifier of labelled texts, in a folder `NAME.textlm` or in memory alone.
///
/// ```swift
/// let data = try LabelledReading().read(["reviews.csv"])
/// let training = TextClassifierTraining(.ngrams(try NGramFeatureConfiguration()), seed: 1)
/// let parts = try ClassifierParts(data, validationFraction: 0.1, seed: 1)
/// let result = try training.train(parts, path: "reviews.textlm")
/// print(result.evaluation?.measures.accuracy ?? 0)
/// ```
///
/// The folder holds `model.safetensors`, the classifier; `report.html`, a `ClassificationReport`;
/// `log.jsonl`, a row for each measurement and each step of a network; and of a network
/// `state.safetensors`, everything to go on.
/// What is validated on serves to stop networks in time, to choose the strength of a probe, to tune their
/// thresholds of several labels, and to measure the classifier. Where it was held out of the data,
/// n-grams are then trained anew on all texts, and that classifier is kept.
///
/// The thresholds of n-grams are tuned on what models of the other parts say of all texts to learn from.
/// Those of networks and probes, and of n-grams where there are too few texts for parts, have only the
/// validation texts: each is drawn towards one half as if ten texts with the label wanted that.
public struct TextClassifierTraining: Sendable {
  /// Of what the classifier is made.
  public var method: ClassifierMethod
  /// What all draws of n-grams depend on; a network has its seed in its recipe.
  public var seed: UInt64
  /// Whether each label counts as much as the others, however many texts it has; not for probes.
  public var isBalanced: Bool

  /// A training of these parts.
  public init(_ method: ClassifierMethod, seed: UInt64, isBalanced: Bool = false) {
    self.method = method
    self.seed = seed
    self.isBalanced = isBalanced
  }

  /// Trains, measures and, where there is a path, writes a folder.
  ///
  /// - Parameters:
  ///   - parts: What to learn from and what to validate on.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`. nil to
  ///     write nothing.
  ///   - sources: What the texts were read from, for the training card.
  ///   - commandLine: What is written into the training card.
  ///   - observe: Told what happens; when it answers false, a network stops after a save, and n-grams and
  ///     probes are given up and nothing is written.
  /// - Throws: `ClassifierTrainingError.stopped`; `NGramClassifierError`, `NeuralClassifierError`,
  ///   `TransferError`, `ArchitectureError`, `ParameterRatesError`; `TextError` where ICU lacks its tables;
  ///   `TrainingError.runExists`; `StorageError`.
  public func train(
    _ parts: ClassifierParts, path: String? = nil, overwrites: Bool = false,
    sources: [LabelledSource] = [], commandLine: [String] = [],
    observe: (ClassifierTrainingEvent) -> Bool = { _ in true }
  ) throws -> ClassifierTrainingResult {
    if case .network(let recipe) = method {
      let training = try neuralTraining(
        recipe, parts, path: path, overwrites: overwrites, commandLine: commandLine)
      return try Self.train(training, parts, sources, observe)
    }
    guard let path else { return try fitted(parts, observe).result }
    return try Folder.forNewRun(at: path, overwrites: overwrites) {
      try fitted(parts, observe)
    } write: { made, folder in
      var card: JSONObject = [
        "textlm_version": JSONValue(TextLMVersion.current), "seed": JSONValue(seed),
        "balanced": JSONValue(isBalanced), "trials": .array(made.rows.map { .object($0) }),
        "command_line": .array(commandLine.map { JSONValue($0) }),
      ]
      Self.describe(parts, made.result, sources, in: &card)
      let log = try JSONLinesWriter(appendingTo: folder.path(to: RunLog.name))
      for row in made.rows { try log.append(.object(row)) }
      if let measured = made.result.evaluation?.measures {
        var row: JSONObject = ["event": "evaluation"]
        for member in measured.json.members { row.append(member.key, member.value) }
        try log.append(.object(row))
      }
      try made.result.write(card, to: folder)
    }.result
  }

  /// What was fitted and measured, and what the log has about it.
  private final class Fitted {
    var result: ClassifierTrainingResult
    let rows: [JSONObject]

    init(_ result: ClassifierTrainingResult, rows: [JSONObject]) {
      self.result = result
      self.rows = rows
    }
  }

  /// Prepares the training of a network.
  func neuralTraining(
    _ recipe: NetworkRecipe, _ parts: ClassifierParts, path: String? = nil,
    overwrites: Bool = false, commandLine: [String] = []
  ) throws -> NeuralClassifierTraining {
    let examples = parts.trainingExamples
    let weights = isBalanced ? examples.balancedWeights(classCount: parts.labels.count) : nil
    return try NeuralClassifierTraining(
      recipe.settings(parts.labels, classWeights: weights), recipe.beginning(examples.texts),
      training: examples, validation: parts.validationExamples, path: path,
      overwrites: overwrites, commandLine: commandLine)
  }

  /// Fits and measures n-grams or a probe, and n-grams anew on all texts.
  private func fitted(
    _ parts: ClassifierParts, _ observe: (ClassifierTrainingEvent) -> Bool
  ) throws -> Fitted {
    let start = ContinuousClock.now
    let fit = try fit(parts, observe)
    var result = try Self.result(fit.model, parts, curves: fit.curves, heldOut: fit.heldOut)
    result.bestUnit = fit.bestUnit
    if case .ngrams = method, parts.isHeldOut, !parts.validation.isEmpty {
      let all = try ClassifierParts(
        all: parts.training + parts.validation, labels: parts.labels)
      let whole = try self.fit(all) { event in
        if case .fitting = event { observe(event) } else { true }
      }
      result.classifier = TextClassifier(
        whole.model,
        thresholds: Self.thresholds(all, whole.heldOut) ?? result.classifier.thresholds)
      result.isTrainedAnew = true
    }
    result.elapsedSeconds = (ContinuousClock.now - start) / .seconds(1)
    return Fitted(result, rows: fit.rows)
  }

  /// Goes on with the training of a network in a folder, to another end unless `horizon` is nil.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - parts: The same as before, which is checked.
  /// - Throws: `TrainingError.noRun`, `.damagedState`; `NeuralClassifierError.otherTexts`;
  ///   `StorageError`.
  public static func resume(
    _ path: String, _ parts: ClassifierParts, horizon: LearningRatePlan.Horizon? = nil,
    sources: [LabelledSource] = [], observe: (ClassifierTrainingEvent) -> Bool = { _ in true }
  ) throws -> ClassifierTrainingResult {
    let training = try NeuralClassifierTraining(
      resuming: path, training: parts.trainingExamples, validation: parts.validationExamples,
      horizon: horizon)
    for notice in training.notices { _ = observe(.notice(notice)) }
    return try train(training, parts, sources, observe)
  }

  /// The settings of a network's training in a folder, as JSON; its `seed` is that of the division into
  /// texts to learn from and to validate on, too.
  ///
  /// Throws `TrainingError.noRun`, `.damagedState`; `StorageError`.
  public static func settings(ofRunAt path: String) throws -> JSONField {
    let folder = try RunState.folder(ofRunAt: path)
    let state = try StateFile(
      contentsOf: folder.path(to: RunState.name), format: NeuralTrainingLoop.stateFormat,
      owner: "a classifier")
    return try TrainingError.naming(state.path) { try state.field("run") }
  }

  /// Trains a network to its end or to a stop; a training that was stopped is not measured.
  private static func train(
    _ training: NeuralClassifierTraining, _ parts: ClassifierParts, _ sources: [LabelledSource],
    _ observe: (ClassifierTrainingEvent) -> Bool
  ) throws -> ClassifierTrainingResult {
    let trained = try training.train { observe(.network($0)) }
    let model = TextClassifier.Model.network(trained.classifier)
    guard !trained.wasStopped else {
      var stopped = ClassifierTrainingResult(TextClassifier(model), nil, curves: [])
      stopped.network = trained
      stopped.elapsedSeconds = trained.clock.elapsedSeconds
      return stopped
    }
    var result = try Self.result(model, parts, curves: curves(trained.epochs))
    result.network = trained
    result.elapsedSeconds = trained.clock.elapsedSeconds
    guard let folder = training.folder else { return result }
    let file = try ModelFile.open(folder.path(to: ModelFile.name))
    var card = try ModelFile.field("training", of: file, folder.path).object()
    describe(parts, result, sources, in: &card)
    try result.write(card, to: folder)
    return result
  }

  /// Texts with a label that one half counts for as its threshold, where thresholds are tuned on the few
  /// texts that are validated on.
  private static let steadyingCount = 10

  /// The thresholds of several labels a text, by what was said of texts that were held out in turn; nil
  /// without such, and where a text has one label.
  private static func thresholds(
    _ parts: ClassifierParts, _ heldOut: (probabilities: [[Double]], truth: [[Int]])?
  ) -> [Double]? {
    guard parts.labels.kind == .multiple, let heldOut else { return nil }
    return ThresholdSearch.thresholds(
      probabilities: heldOut.probabilities, truth: heldOut.truth, labelCount: parts.labels.count)
  }

  /// Measures what was trained at what was validated on.
  private static func result(
    _ model: TextClassifier.Model, _ parts: ClassifierParts, curves: [Plot],
    heldOut: (probabilities: [[Double]], truth: [[Int]])? = nil
  ) throws -> ClassifierTrainingResult {
    let ownThresholds = thresholds(parts, heldOut)
    var classifier = TextClassifier(model, thresholds: ownThresholds)
    var evaluation: ClassifierEvaluation?
    if !parts.validation.isEmpty {
      let probabilities = try classifier.probabilities(of: parts.validation.map(\.text))
      if parts.labels.kind == .multiple, ownThresholds == nil {
        classifier = TextClassifier(
          model,
          thresholds: ThresholdSearch.thresholds(
            probabilities: probabilities, truth: parts.validationTruth,
            labelCount: parts.labels.count, steadyingCount: steadyingCount))
      }
      evaluation = ClassifierEvaluation(
        parts.labels, thresholds: classifier.thresholds, texts: parts.validation,
        truth: parts.validationTruth, probabilities: probabilities)
    }
    return ClassifierTrainingResult(
      classifier, evaluation, curves: curves, isTunedApart: ownThresholds != nil)
  }

  /// What the card says of the texts and of what was measured.
  private static func describe(
    _ parts: ClassifierParts, _ result: ClassifierTrainingResult, _ sources: [LabelledSource],
    in card: inout JSONObject
  ) {
    card.append("sources", .array(sources.map { JSONValue("\($0)") }))
    card.append("training_texts", JSONValue(parts.training.count))
    card.append("validation_texts", JSONValue(parts.validation.count))
    card.append(
      TextClassifier.labelCountsKey, .array(parts.labelCounts.map { JSONValue($0) }))
    guard let measures = result.evaluation?.measures else { return }
    var measured = JSONObject()
    for member in measures.json.members {
      if case .array = member.value { continue }
      measured.append(member.key, member.value)
    }
    card.append("measured", .object(measured))
  }
}
