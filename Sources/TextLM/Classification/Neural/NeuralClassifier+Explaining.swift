extension NeuralClassifier {
  /// What each Unicode scalar of a text contributes to the likeliest class, which is what its token does.
  ///
  /// See `contributions(in:to:)`. Throws `NeuralClassifierError.notFinite`.
  public func occlusion(of text: String) throws -> [Double] {
    try contributions(in: text).perScalar(of: text)
  }

  /// How much the probability of a class falls when a token of a text is left out, beyond what any gap does.
  ///
  /// ```
  /// drop[i]  = p(class | text) − p(class | text without token i)
  /// value[i] = drop[i] + (p(class | text) − p₀ − Σ drop) / n
  /// ```
  ///
  /// for n tokens and the probability p₀ that a class has by chance: 1 / K, or a half where there may be
  /// several labels. A text with a gap is one that no text to learn from was, and a network takes it for
  /// more of one class, wherever the gap is; so drops alone would speak for that class in nearly every
  /// text. What they have in common is therefore shifted until the values add up to what the text says
  /// beyond chance, as the contributions to a linear model do. Which tokens matter more does not change.
  ///
  /// In texts of more than some thousand tokens neighbours are left out together and have the same number.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - label: The class; nil for the likeliest one.
  /// - Throws: `NeuralClassifierError.notFinite`.
  /// - Complexity: A reading of the text for each token.
  ///
  /// References: Matthew Zeiler and Rob Fergus, "Visualizing and Understanding Convolutional Networks",
  /// 2014, for occlusion; Mukund Sundararajan et al., "Axiomatic Attribution for Deep Networks", 2017,
  /// for why values have to add up.
  public func contributions(in text: String, to label: Int? = nil) throws -> TextContributions {
    let located = tokenizer.encodeWithOffsets(UTF8Text(text))
    let tokens = located.tokens
    guard !tokens.isEmpty else { return TextContributions(ranges: [], values: []) }
    let readingLimit = max(1, Self.occlusionSteps / (tokens.count + 1))
    let width = (tokens.count + readingLimit - 1) / readingLimit
    let stretches = stride(from: 0, to: tokens.count, by: width).map {
      $0..<min($0 + width, tokens.count)
    }
    let shortened = stretches.map { Array(tokens[..<$0.lowerBound] + tokens[$0.upperBound...]) }
    let all = logits(of: [tokens] + shortened).map {
      ClassifierHead.probabilities(labels.kind, logits: $0)
    }
    guard all.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw NeuralClassifierError.notFinite(text: text)
    }
    let whole = all[0]
    let chosen = label ?? whole.indices.max { whole[$0] < whole[$1] } ?? 0
    let drops = zip(stretches, all.dropFirst()).flatMap { stretch, probabilities in
      [Double](repeating: whole[chosen] - probabilities[chosen], count: stretch.count)
    }
    let chance = labels.kind == .multiple ? 0.5 : 1 / Double(labels.count)
    let shift = (whole[chosen] - chance - drops.reduce(0, +)) / Double(drops.count)
    return TextContributions(ranges: located.ranges, values: drops.map { $0 + shift })
  }

  /// How much of the attention each token of a text has; nil for a classifier without attention.
  ///
  /// The numbers are parts of 1, of which the beginning of the text has the rest.
  public func attention(in text: String) -> TextContributions? {
    guard configuration.pooling == .attention else { return nil }
    let located = tokenizer.encodeWithOffsets(UTF8Text(text))
    let output = network.reading(
      located.tokens, windowLength: Self.windowLength, .inference())
    return output.weights.map {
      TextContributions(
        ranges: located.ranges, values: $0.array.dropFirst().map(Double.init))
    }
  }

  /// Steps that are read at most to explain a text, about.
  private static let occlusionSteps = 1 << 22
}
