extension Diagnosis {
  /// The findings in words, with numbers and with what to do next.
  public var sentences: [String] { findings.map(sentence) }

  private func sentence(_ finding: Finding) -> String {
    switch finding {
    case .diverged(let step, let least, let last, let learningRate):
      "the training loss rose from \(Self.nats(least)) near step \(Numbers.grouped(step)) to "
        + (last.isFinite ? Self.nats(last) : "what is not a number")
        + ": the training has diverged; try a smaller rate (--lr "
        + "\(Self.rounded(learningRate / 4))) or a smaller --grad-clip"
    case .rolledBack(let count, let firstStep):
      "the loss exploded \(count == 1 ? "once" : "\(count) times"), first at step "
        + "\(Numbers.grouped(firstStep)), and the run went back each time: a smaller --lr trains "
        + "more smoothly"
    case .tooShort(let steps, let epochs):
      "\(Numbers.grouped(steps)) steps, \(Numbers.fixed(epochs, 1)) epochs, are too few to learn "
        + "much: give more time (--budget, --epochs)"
    case .overfitting(let epoch, let best, let last, let trainingThen, let trainingNow):
      "validation rose after epoch \(Numbers.fixed(epoch, epoch < 10 ? 1 : 0)), from "
        + "\(Self.nats(best)) to \(Self.nats(last)), while training fell from "
        + "\(Self.nats(trainingThen)) to \(Self.nats(trainingNow)): the model learns the text by "
        + "heart; try \(dropoutAdvice)more text, or fewer epochs. The best model was kept"
    case .stillFalling(let fall, let epochs):
      "validation was still falling at the end, by \(Self.nats(fall)) over the last "
        + "\(Numbers.fixed(epochs, 1)) epochs: a longer training would go on learning "
        + (circumstances.end == .epochs ? "(--epochs)" : "(--budget, --epochs)")
    case .wideGap(let training, let validation):
      "training at \(Self.nats(training)) is far below validation at \(Self.nats(validation)): the "
        + "model knows its own text much better than other text; try \(dropoutAdvice)more text, "
        + "or a smaller model"
    case .underfitting(let training, let validation):
      "training at \(Self.nats(training)) and validation at \(Self.nats(validation)) are alike and "
        + "no longer fall: the model is too small for this text, or its steps are; try a larger "
        + "--hidden-size or a greater --lr"
    case .sound(let training, let validation):
      "training ended at \(Self.nats(training)) and validation at \(Self.nats(validation)), both "
        + "at rest and not far apart: nothing is wrong; more text or a larger model with more time "
        + "may still gain"
    }
  }

  /// Two tenths more than there was, within what is sensible; nothing where there is no more.
  private var dropoutAdvice: String {
    guard let dropout = circumstances.dropout, dropout.rate < 0.6 else { return "" }
    let rate = min(0.6, max(0.2, dropout.rate + 0.2))
    return "\(dropout.option) \(Numbers.fixed(rate, 1)), "
  }

  private static func nats(_ value: Double) -> String {
    Numbers.fixed(value, 3)
  }

  /// With two digits that mean something.
  private static func rounded(_ value: Double) -> String {
    var (scaled, factor) = (value, 1.0)
    while scaled > 0, scaled < 10 { (scaled, factor) = (scaled * 10, factor * 10) }
    return Numbers.shortest(scaled.rounded() / factor)
  }
}
