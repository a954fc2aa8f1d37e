/// What a person looks at.
extension TrainingLoop {
  /// Has the model write what `textlm generate` would write with the run's seed: the same draws each
  /// time, so that texts differ by what was learned, and none of those that training makes.
  func writeSample(_ observe: (TrainingEvent) -> Bool) throws {
    let step = trainer.progress.step
    guard run.settings.sampleLength > 0 else { return }
    let vocabulary = run.data.tokenizer.vocabulary
    let random = RandomSource(seed: run.settings.trainer.seed).stream("sample")
    var generator = TextGenerator(
      reader: trainer.model.reader(precision: .float32), prompt: [],
      course: TextCourse(
        Sampler([try WordTemperature.standard(vocabulary)], random: random),
        vocabulary: vocabulary))
    var tokens: [TokenID] = []
    while tokens.count < run.settings.sampleLength, let next = generator.nextStep() {
      tokens.append(next.token)
    }
    let text = run.data.tokenizer.decode(run.settings.model.direction.ordered(tokens))
    try log.append(sample: text, step: step, clock)
    _ = observe(.sample(step: step, text: text))
  }

  /// Replaces the page that shows the run.
  func writeReport() throws {
    let report = RunReport(
      runName: run.name, record: log.record, diagnosis: run.diagnosis(of: log.record),
      card: run.card(trainer.progress, epochs: trainer.epochsDone, best?.evaluation),
      vocabulary: run.data.tokenizer.vocabulary)
    try AtomicFile.replace(
      run.folder.path(to: RunReport.name), with: Array(try report.html().utf8))
  }
}
