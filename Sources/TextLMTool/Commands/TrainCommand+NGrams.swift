import ArgumentParser
import TextLM

extension TrainCommand {
  /// Whether n-grams are to be counted instead of a network trained.
  var isCounting: Bool {
    model.architecture.arch?.utf8.elementsEqual(NGramConfiguration.architectureName.utf8) == true
  }

  /// Refuses options of n-gram models for networks, and those of networks for n-gram models.
  func checkCounting() throws {
    guard isCounting else {
      if ngrams.order != nil {
        throw ValidationError("--order belongs to --arch ngram, and means nothing to a network")
      }
      return
    }
    if let name = optionsOfNetworks.first {
      throw ValidationError(
        "\(name) means nothing to --arch ngram, which counts the text once and has no steps, rates "
          + "or layers: leave it away; --order is what it is told")
    }
    if text.split == .streams {
      throw ValidationError(
        "--split streams means nothing to --arch ngram, which has no batch: leave it away")
    }
  }

  /// The options given that only a network can be told.
  private var optionsOfNetworks: [String] {
    let shape = model.fixed.map(\.name).filter { $0 != "--arch" && $0 != "--direction" }
    let others: [(name: String, isGiven: Bool)] = [
      ("--params", model.params != nil), ("--one-hot", model.oneHot),
      ("--init", !model.initialize.isEmpty), ("--init-from", beginning.initFrom != nil),
      ("--embeddings-from", beginning.embeddingsFrom != nil), ("--budget", length.budget != nil),
      ("--epochs", length.epochs != nil), ("--max-steps", length.maxSteps != nil),
      ("--folds", folds.folds != nil), ("--resume", runOptions.resume),
      ("--tensorboard", runOptions.tensorboard != nil),
    ]
    return shape + others.filter(\.isGiven).map(\.name)
      + (rates.fixed(isOneHot: false) + length.fixed + optimizer.fixed + schedule.fixed
      + regularization.fixed + runOptions.fixed).map(\.name)
  }

  /// Counts the text, and tells what came of it.
  func count() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let files = try TextInput.readAll(corpus, reading.rules(), shared.output)
    let validationFiles = try TextInput.readAll(
      text.validation.map { [$0] } ?? [], reading.rules(), shared.output)
    let configuration = try NGramConfiguration(
      order: ngrams.order ?? NGramConfiguration.standardOrder,
      direction: model.direction?.direction ?? .forward)
    let training = NGramTraining(
      configuration,
      TrainingData.Options(
        split: try text.split(validationFiles), batchSize: 1, sequenceLength: 1,
        preparation: try preparation.preparation(newlines: reading.rules().newlines),
        segmenter: try units.segmenter(locale: preparation.locale ?? ""),
        vocabulary: try units.rule()))
    if runOptions.dryRun {
      return try Console.standardOutput(try training.plan(of: files).text() + "\n")
    }
    let result = try training.train(
      corpus: files, path: output, overwrites: runOptions.overwrite,
      writesCopyIndex: runOptions.copyIndex,
      commandLine: Arguments.normalized(CommandLine.arguments.dropFirst()))
    let seconds = (clock.now - start) / .seconds(1)
    for notice in result.notices { shared.note("note: \(notice)") }
    if shared.verbose { shared.note("\(result.model)") }
    let (ngramCount, best) = (result.model.ngramCounts.reduce(0, +), result.validation)
    if shared.format == .json {
      let summary: JSONValue = [
        "model": JSONValue(output),
        "architecture": JSONValue(NGramConfiguration.architectureName),
        "order": JSONValue(configuration.order),
        "ngrams": .array(result.model.ngramCounts.map { JSONValue($0) }),
        "tokens": JSONValue(result.tokenCount),
        "elapsed_seconds": JSONValue(seconds),
        "validation": best.json,
      ]
      try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    shared.note(
      "\(output): \(Numbers.grouped(ngramCount)) n-grams of up to \(configuration.order) tokens, "
        + "vocabulary \(result.vocabularySize), in \(Numbers.duration(seconds)), validation "
        + "\(Numbers.fixed(best.natsPerToken, 4)) nats per character "
        + "(\(Numbers.fixed(best.bitsPerCharacter, 3)) bits, perplexity "
        + "\(Numbers.fixed(best.perplexity, 2)))")
  }
}
