extension PreparedCorpus {
  /// The model that a run on this corpus begins with, and what it took over from a trained one.
  package func makeModel(
    _ settings: RunSettings, _ transfer: Transfer?
  ) throws -> (model: any LanguageModel, report: TransferReport?) {
    let made = try makeUncheckedModel(settings, transfer)
    try settings.rates.check(made.model.parameters.map(\.path))
    return made
  }

  private func makeUncheckedModel(
    _ settings: RunSettings, _ transfer: Transfer?
  ) throws -> (model: any LanguageModel, report: TransferReport?) {
    let vocabulary = tokenizer.vocabulary
    let new = RandomParameters(seed: settings.trainer.seed, rules: settings.initialization)
    let frequencies = vocabulary.logFrequencies(
      boundaryCount: plan.isInterleaved ? 0 : files.reduce(-1) { $0 + $1.documentCount })
    guard let transfer else {
      let model = try settings.model.makeModel(vocabularySize: vocabulary.count, from: new)
      try settings.initialization.check(model.parameters)
      // A rule for the output's bias is wanted in the place of what the text would give.
      if !settings.initialization.concerns("head.bias") { model.startOutput(at: frequencies) }
      return (model, nil)
    }
    // Rules are for what is new in the model.
    let (model, report) = try transfer.makeModel(
      settings.model, tokenizer: tokenizer, from: new, frequencies: frequencies,
      seed: settings.trainer.seed)
    // The output is new where only the embedding is taken.
    if transfer.part == .embeddings { model.startOutput(at: frequencies) }
    return (model, report)
  }
}
