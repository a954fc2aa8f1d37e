extension NeuralClassifier {
  /// How much the probability of the likeliest class falls when a token is not there: one number for each
  /// Unicode scalar of the text, that of its token.
  ///
  /// See `contributions(in:to:)`. Throws `NeuralClassifierError.notFinite`.
  public func occlusion(of text: String) throws -> [Double] {
    try contributions(in: text).perScalar(of: text)
  }

  /// How much the probability of a class falls when a token of a text is replaced by a space or, if the
  /// tokens are no characters, by the unknown token.
  ///
  /// ```
  /// value[i] = p(class | text) − p(class | text without token i)
  /// ```
  ///
  /// In texts of more than some thousand tokens neighbours are replaced together and have the same number.
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
    let space = tokenizer.encode(" ")
    let blank =
      space.count == 1 && type(of: tokenizer.segmenter).name != WordSegmenter.name
      ? space[0] : Vocabulary.unknown
    let readingLimit = max(1, Self.occlusionSteps / (tokens.count + 1))
    let width = (tokens.count + readingLimit - 1) / readingLimit
    let stretches = stride(from: 0, to: tokens.count, by: width).map {
      $0..<min($0 + width, tokens.count)
    }
    let changed = stretches.map { stretch in
      var changed = tokens
      for index in stretch { changed[index] = blank }
      return changed
    }
    let all = logits(of: [tokens] + changed).map {
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
