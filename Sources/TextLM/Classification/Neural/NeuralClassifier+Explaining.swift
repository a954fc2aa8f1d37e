extension NeuralClassifier {
  /// What each Unicode scalar of a text contributes to the likeliest class, which is what its token does.
  ///
  /// See `contributions(in:to:)`. Throws `NeuralClassifierError.notFinite`.
  public func occlusion(of text: String) throws -> [Double] {
    try contributions(in: text).perScalar(of: text)
  }

  /// How much the probability of a class falls when a token of a text is left out.
  ///
  /// ```
  /// value[i] = p(class | text) − p(class | text without token i)
  /// ```
  ///
  /// A token is left out rather than replaced: a space within a word is what no text to learn from has, and
  /// makes a network sure of one class wherever it stands.
  ///
  /// In texts of more than some thousand tokens neighbours are left out together and have the same number.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - label: The class; nil for the likeliest one.
  /// - Throws: `NeuralClassifierError.notFinite`.
  /// - Complexity: A reading of the text for each token.
  ///
  /// Reference: Matthew Zeiler and Rob Fergus, "Visualizing and Understanding Convolutional Networks",
  /// 2014.
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
    let values = zip(stretches, all.dropFirst()).flatMap { stretch, probabilities in
      [Double](repeating: whole[chosen] - probabilities[chosen], count: stretch.count)
    }
    return TextContributions(ranges: located.ranges, values: values)
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
