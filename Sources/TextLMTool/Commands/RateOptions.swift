import ArgumentParser
import TextLM

/// Which parameters learn, and how fast.
struct RateOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Keep the parameters whose paths fit as they are, such as 'rnn.*_l0' or 'embedding.*': less \
      work a step, and nothing of them is forgotten. Repeatable. `inspect` shows the paths.
      """, valueName: "pattern"))
  var freeze: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Multiply the learning rate of the parameters whose paths fit, such as 'rnn.*_l0=0.3': lower \
      layers usually need to change less. Repeatable; the last that fits counts.
      """, valueName: "pattern=factor"))
  var lrFactor: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Begin with the output alone and let the next layer below learn too after every so many \
      epochs. By default all learn from the start.
      """, valueName: "n"))
  var unfreezeEvery: Int?

  func validate() throws {
    if let unfreezeEvery, unfreezeEvery < 1 {
      throw ValidationError("--unfreeze-every is \(unfreezeEvery), but must be 1 or more")
    }
    do {
      _ = try rates()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// What is never trained: what was asked for, and an embedding that `--one-hot` made.
  private func frozen(isOneHot: Bool) -> [String] {
    freeze + (isOneHot ? ["embedding.weight"] : [])
  }

  /// The rates that were asked for.
  func rates(isOneHot: Bool = false) throws(ParameterRatesError) -> ParameterRates {
    var factors: [ParameterRates.Factor] = []
    for text in lrFactor { factors.append(try ParameterRates.Factor(text)) }
    return ParameterRates(
      frozen: frozen(isOneHot: isOneHot).map { PathPattern($0) }, factors: factors,
      unfreezeInterval: unfreezeEvery)
  }

  /// What a resumed run has decided already.
  func fixed(isOneHot: Bool) -> [FixedOption] {
    let frozen = frozen(isOneHot: isOneHot)
    return [
      FixedOption("--freeze", frozen.isEmpty ? nil : .words(frozen), "rates", "frozen"),
      FixedOption("--lr-factor", lrFactor.isEmpty ? nil : .words(lrFactor), "rates", "factors"),
      FixedOption(
        "--unfreeze-every", unfreezeEvery.map { .number(Double($0)) }, "rates",
        "unfreeze_interval"),
    ].compactMap { $0 }
  }
}
