import ArgumentParser

/// What happens to the run's folder.
struct RunOptions: ParsableArguments {
  @Flag(
    help: """
      Go on with the run in the output folder, exactly where it was; with --budget, --epochs or \
      --max-steps to another end.
      """)
  var resume = false

  @Flag(help: "Replace a run that is in the output folder already.")
  var overwrite = false

  @Flag(help: "Check everything, print the settings as JSON, and do nothing.")
  var dryRun = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A number that decides all draws: the same one gives the same model. The default is 1.",
      valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps from one evaluation to the next; by default about a twentieth of the run.",
      valueName: "n"))
  var evalEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Steps from one save to the next, beside those at evaluations; by default once a minute. What \
      was done since the last save is lost when the power fails.
      """, valueName: "n"))
  var saveEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      End early when so many evaluations in a row were no better; by default a training goes on to \
      its end. The best model is kept in any case.
      """, valueName: "n"))
  var patience: Int?

  @Flag(
    help: """
      Have no text written at evaluations. By default the model writes one each time, which is kept \
      in the log and in report.html and shows how it gets on.
      """)
  var noSamples = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Characters of these texts, which take a little of the time. The default is 200.",
      valueName: "n"))
  var sampleLength: Int?

  @Option(
    help: ArgumentHelp(
      """
      Write the curves and texts for TensorBoard too, into a folder of the run's name in DIR; look \
      at them with tensorboard --logdir DIR. Give it again with --resume to go on.
      """, valueName: "dir"))
  var tensorboard: String?

  @Flag(
    help: """
      Also write an index of the training text into the folder, with which generate --max-copy and \
      score --novelty need no text: some 36 bytes for each character, and about 100 bytes of memory \
      and 2 µs while it is made. With --resume where there is none, or a damaged one.
      """)
  var copyIndex = false

  /// Characters to write at each evaluation.
  var samples: Int { noSamples ? 0 : sampleLength ?? 200 }

  func validate() throws {
    if noSamples, sampleLength != nil {
      throw ValidationError("--no-samples and --sample-length cannot be given together")
    }
    if let sampleLength, !(1...100_000).contains(sampleLength) {
      throw ValidationError(
        "--sample-length is \(sampleLength), but must be from 1 to 100000; --no-samples for none")
    }
    for (name, value) in [
      ("--eval-every", evalEvery), ("--save-every", saveEvery), ("--patience", patience),
    ] {
      if let value, value < 1 {
        throw ValidationError("\(name) is \(value), but must be 1 or more")
      }
    }
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--seed", seed.map { .count($0) }, "seed"),
      FixedOption("--eval-every", evalEvery.map { .number(Double($0)) }, "evaluation_interval"),
      FixedOption("--save-every", saveEvery.map { .number(Double($0)) }, "save_interval"),
      FixedOption("--patience", patience.map { .number(Double($0)) }, "patience"),
      FixedOption("--no-samples", noSamples ? .nothing("given") : nil, "sample_length"),
      FixedOption("--sample-length", sampleLength.map { .number(Double($0)) }, "sample_length"),
    ].compactMap { $0 }
  }
}
