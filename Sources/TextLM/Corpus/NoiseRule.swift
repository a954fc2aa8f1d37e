/// How often characters that a model reads in training are disturbed, so that it learns to do with
/// text that has mistakes. What it is to predict is never disturbed, nor what it is measured on.
///
/// Each is the probability of a token being hit. Positions must go on matching, so a deletion shows
/// the model the unknown token in the place of the character.
///
/// Reference: Ziang Xie et al., "Data Noising as Smoothing in Neural Network Language Models", 2017,
/// whose unigram noising is `substitution` and whose blank noising is `deletion`.
public struct NoiseRule: Sendable, Equatable {
  /// Another token instead, drawn by the frequencies of the training text.
  public var substitution: Double
  /// The unknown token instead.
  public var deletion: Double
  /// The token and the one after it in the opposite order.
  public var swap: Double
  /// The upper-case form of a lower-case letter or the reverse, where the vocabulary has it.
  public var caseChange: Double

  /// No disturbance.
  public static let none = NoiseRule()

  /// A rule of these probabilities.
  public init(
    substitution: Double = 0, deletion: Double = 0, swap: Double = 0, caseChange: Double = 0
  ) {
    self.substitution = substitution
    self.deletion = deletion
    self.swap = swap
    self.caseChange = caseChange
  }
}
