/// A neural classifier that cannot be made, trained or used.
public enum NeuralClassifierError: Error, Equatable {
  /// A setting is out of its range.
  case setting(name: String, value: String, allowed: String)
  /// There are not two labels to tell apart.
  case tooFewLabels(names: [String])
  /// There is no text to learn from, or none to measure with; `part` says which.
  case noTexts(part: String)
  /// A text has no class, several where it may have one, or one that there is not.
  case truth(part: String, index: Int, classes: [Int], count: Int)
  /// The numbers of texts and of truths differ.
  case unequalCounts(part: String, texts: Int, truths: Int)
  /// The numbers of labels and of their weights differ, or a weight is none.
  case classWeights([Double], count: Int)
  /// The language model reads from the other end than the classifier's first encoder.
  case backwardModel(name: String)
  /// A language model's loss was asked for that cannot be had, or would change nothing.
  case languageLoss(LanguageLossObstacle)
  /// The head, which is zero at first, would stay as it is, and nothing below it would learn.
  case frozenHead
  /// The probabilities of a text are no numbers.
  case notFinite(text: String)
  /// The loss or the weights grew without bound, again and again after going back to a good state with
  /// half the rate.
  case diverged(step: Int, learningRate: Double)
  /// The texts are not those that the training was begun with.
  case otherTexts(path: String)

  /// Why there is no language model's loss.
  public enum LanguageLossObstacle: Sendable {
    /// Texts are read from both ends.
    case bothSides
    /// Texts are read in parts.
    case hierarchy
    /// The encoder never learns.
    case frozenEncoder
  }
}

extension NeuralClassifierError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .setting(let name, let value, let allowed):
      "\(name) is \(value), but must be \(allowed)"
    case .tooFewLabels(let names):
      "there is nothing to tell apart: the labels are "
        + "\(TerminalText.neutralized(names.joined(separator: ", "))); give data with two or more"
    case .noTexts(let part):
      "there are no texts for \(part): give more data or another split"
    case .truth(let part, let index, let classes, let count):
      "text \(index + 1) for \(part) has the classes \(classes), but \(count) classes are known, "
        + "from 0 on: give each text the classes of the classifier's labels"
    case .unequalCounts(let part, let texts, let truths):
      "there are \(texts) texts for \(part), but what is true is known of \(truths): give as many"
    case .classWeights(let weights, let count):
      "the weights \(weights) are not \(count) numbers above 0, one for each label: give one for each"
    case .backwardModel(let name):
      "\(name) reads texts from their end: give a model of --direction forward"
    case .languageLoss(let obstacle):
      switch obstacle {
      case .bothSides:
        "--lm-loss is the loss of telling each text's next character, and --bidirectional also reads "
          + "from the end, where it is known: leave one of them away"
      case .hierarchy:
        "--lm-loss is the loss of telling each text's next character, and --hierarchy reads its words "
          + "by themselves: leave one of them away"
      case .frozenEncoder:
        "--lm-loss teaches the encoder, all of which --freeze or an --lr-factor of 0 keeps as it is: "
          + "leave one of them away"
      }
    case .frozenHead:
      "nothing would learn: the head is zero, and --freeze or an --lr-factor of 0 keeps it so; leave "
        + "head.weight out of them"
    case .notFinite(let text):
      "the probabilities of the text \"\(TerminalText.visible(String(text.prefix(60))))\" are no "
        + "numbers: the classifier is damaged; use an earlier copy of it"
    case .diverged(let step, let learningRate):
      "the training diverges again and again after step \(step), with learning rates down to "
        + "\(Numbers.significant(learningRate)): begin a new one with a smaller --lr"
    case .otherTexts(let path):
      "\(path) was trained on other texts or with other labels: give the same, unchanged data"
    }
  }
}
