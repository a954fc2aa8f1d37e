import ArgumentParser
import TextLM

extension ClassifyTrainCommand {
  var budgetSeconds: Double? { budget.flatMap { Numbers.seconds($0) } }
  var drawSeed: UInt64 { seed ?? AutomaticPlan.standardSeed }
  var fraction: Double { validationFraction ?? 0.1 }
  /// The end that was asked for, if any.
  var horizon: LearningRatePlan.Horizon? {
    network.horizon ?? budgetSeconds.map { .seconds($0) }
  }

  private func isArch(_ name: String) -> Bool { arch?.utf8.elementsEqual(name.utf8) == true }
  private var isNGram: Bool {
    (arch == nil && network.initFrom == nil) || isArch(NGramFeatureConfiguration.architectureName)
  }
  private var isProbe: Bool { isArch(ClassifierMethod.probeName) }
  private var isHierarchicalAttention: Bool { isArch(TextStructure.hierarchicalAttentionName) }

  /// Refuses what does not go with words and the text of them being read by encoders of their own.
  func checkStructure() throws {
    let name = TextStructure.hierarchicalAttentionName
    if isHierarchicalAttention {
      for (option, isGiven) in [
        ("--bidirectional", network.bidirectional), ("--hierarchy", network.hierarchy),
      ] where isGiven {
        throw ValidationError("--arch \(name) reads so by itself: leave \(option) away")
      }
    }
    try network.checkHierarchy(
      isHierarchicalAttention ? "--arch \(name)" : network.hierarchy ? "--hierarchy" : nil)
  }

  /// Refuses options of another kind of classifier.
  func checkMethod() throws {
    if model != nil, !isProbe {
      throw ValidationError("--model belongs to --arch probe; networks have --init-from")
    }
    if isProbe, model == nil {
      throw ValidationError("--arch probe looks into a language model: say which with --model")
    }
    if isProbe, balanced { throw ValidationError("--balanced means nothing to --arch probe") }
    guard isNGram || isProbe else {
      if network.initFrom != nil, let name = (units.fixed + preparation.fixed).first?.name {
        throw ValidationError("--init-from has the tokens of that model: leave \(name) away")
      }
      return
    }
    let others =
      network.given + (tensorboard == nil ? [] : ["--tensorboard"])
      + (rates.fixed(isOneHot: false) + optimizer.fixed + schedule.fixed + preparation.fixed
      + units.fixed).map(\.name)
    if let name = others.first {
      throw ValidationError(
        "\(name) belongs to a network, and means nothing to \(isProbe ? "a probe" : "n-grams"): "
          + "leave it away, or choose a network with --arch, such as lstm")
    }
  }

  /// Of what the classifier is made.
  func method() throws -> ClassifierMethod {
    if isNGram { return .ngrams(try NGramFeatureConfiguration()) }
    if isProbe, let model { return .probe(try languageModel(model), name: model) }
    let origin = try origin()
    let architecture =
      switch origin {
      case .new(let architecture, _, _, _, _): architecture
      case .encoder(let transfer): transfer.configuration.architecture
      }
    let disturbed = (network.noise ?? 0) / 3
    var recipe = NetworkRecipe(
      origin,
      trainer: TrainerSettings(
        seed: drawSeed, precision: network.precision?.resolved ?? .float32,
        optimizer: optimizer.rule, weightDecay: optimizer.decay, clip: optimizer.clip,
        gradientLimit: optimizer.gradClipValue,
        noise: NoiseRule(substitution: disturbed, deletion: disturbed, swap: disturbed),
        averaging: optimizer.averaging),
      plan: LearningRatePlan(
        peak: optimizer.rate ?? architecture.classifierLearningRate,
        floorRatio: schedule.lrFloor ?? 0.01, warmupSteps: schedule.warmup(of: horizon),
        course: schedule.course, horizon: horizon ?? .seconds(AutomaticPlan.standardSeconds)))
    recipe.structure = network.hierarchy || isHierarchicalAttention ? .hierarchy : .sequence
    recipe.sides = network.bidirectional || isHierarchicalAttention ? .both : .forward
    recipe.pooling = network.pooling
    recipe.attentionSize = network.attentionSize ?? recipe.attentionSize
    recipe.joinedNGrams = try network.joining.configuration()
    recipe.languageLossWeight = network.lmLoss ?? recipe.languageLossWeight
    recipe.dropout = network.dropout ?? recipe.dropout
    recipe.labelSmoothing = network.labelSmoothing ?? recipe.labelSmoothing
    recipe.batchSize = network.batchSize ?? recipe.batchSize
    recipe.patience = network.patience ?? recipe.patience
    recipe.rates = try rates.rates()
    return .network(recipe)
  }

  /// The method with the sizes that suit the texts and the time, where none were asked for.
  func sized(_ method: ClassifierMethod, for data: LabelledData) throws -> ClassifierMethod {
    guard case .network(var recipe) = method,
      case .new(let standard, nil, let preparation, let segmenter, let vocabulary) = recipe.origin,
      case .seconds(let seconds) = recipe.plan.horizon
    else { return method }
    let kind = type(of: standard)
    let given = try network.hyperparameters()
    guard !given.contains(where: { kind.sizeNames.contains($0.name) }) else { return method }
    let plan = AutomaticNetworkPlan(
      kind, sides: recipe.sides, texts: data.texts.map(\.text), segmenter: segmenter,
      batchSize: recipe.batchSize, seconds: seconds, precision: recipe.trainer.precision)
    shared.note(plan.explanation)
    let architecture = try kind.init(written: plan.hyperparameters + given)
    recipe.origin = .new(
      architecture, embeddingSize: nil, preparation: preparation, segmenter: segmenter,
      vocabulary: vocabulary)
    recipe.plan.peak = optimizer.rate ?? architecture.classifierLearningRate
    recipe.plan.mostEpochs = plan.mostEpochs
    return .network(recipe)
  }

  private func origin() throws -> NetworkRecipe.Origin {
    let known = try arch.map { try encoders(named: $0) }
    if let path = network.initFrom {
      let transfer = try EncoderTransfer(languageModel(path), name: path)
      let kind = type(of: transfer.configuration.architecture)
      if let known, known != kind {
        throw OptionError.value(
          option: "--arch", value: known.name, allowed: "\(kind.name), as \(path) is")
      }
      return .encoder(transfer)
    }
    let architecture = try (known ?? LSTMArchitecture.self).init(
      written: network.hyperparameters())
    try architecture.check()
    return .new(
      architecture, embeddingSize: network.embeddingSize,
      preparation: try preparation.preparation(),
      segmenter: try units.segmenter(locale: preparation.locale ?? ""),
      vocabulary: try units.rule())
  }

  /// The architecture of the encoders that are called so.
  private func encoders(named name: String) throws -> any CausalArchitecture.Type {
    if isHierarchicalAttention { return GRUArchitecture.self }
    do throws(ArchitectureError) {
      return try ArchitectureRegistry.builtIn.architecture(named: name)
    } catch .unknownArchitecture(let name, let known) {
      let others = [
        NGramFeatureConfiguration.architectureName, ClassifierMethod.probeName,
        TextStructure.hierarchicalAttentionName,
      ]
      throw ArchitectureError.unknownArchitecture(name: name, known: others + known)
    } catch .notCausal(let name) {
      throw OptionError.value(
        option: "--arch", value: name,
        allowed: "han or, with --bidirectional, one of the others, such as lstm or gru")
    }
  }

  private func languageModel(_ path: String) throws -> TextModel {
    var options = ModelOptions()
    options.model = path
    return try options.load(shared.output)
  }

  /// Refuses what the training in the folder has decided in another way.
  func refuseChanges(to stored: JSONField) throws {
    if let arch {
      let began = try NeuralClassifierConfiguration(stored.field("config"))
      // Of a hierarchy of GRUs both are the name.
      let names = [began.architectureName, type(of: began.architecture).name]
      guard names.contains(where: isArch) else {
        throw OptionError.fixedByRun(option: "--arch", given: arch, stored: names[0])
      }
    }
    let own = [
      FixedOption("--seed", seed.map { .count($0) }, "seed"),
      FixedOption(
        "--labels", labels == .single ? nil : .word(labels.rawValue), "config", "labels", "kind"),
    ].compactMap { $0 }
    for wish in own + network.fixed + rates.fixed(isOneHot: false) + optimizer.fixed
      + schedule.fixed
    {
      try wish.check(stored)
    }
    let others =
      (units.fixed + preparation.fixed).map(\.name) + (balanced ? ["--balanced"] : [])
      + (network.initFrom == nil ? [] : ["--init-from"]) + (model == nil ? [] : ["--model"])
    if let name = others.first {
      throw ValidationError("--resume goes on as the training began: leave \(name) away")
    }
  }
}
