/// A corpus made ready: what to learn from, what to measure on, and the tokenizer of the first.
public struct TrainingData: Sendable {
  /// Made from the training part alone.
  public let tokenizer: Tokenizer
  /// What batches are cut from.
  public let streams: TokenStreams
  /// What the model is measured on.
  public let validation: ScoringPlan
  /// The size of the validation text, for bits per character and byte.
  public let validationCounts: TextCounts
  /// Steps of a window, at most; smaller than asked for when the text is short.
  public let sequenceLength: Int
  /// What had to be changed to fit the text, in words.
  public let notices: [String]

  /// Tokens predicted in one epoch.
  public var tokensPerEpoch: Int { streams.length * streams.starts.count }
  /// Rows of a batch.
  public var batchSize: Int { streams.starts.count }
  /// Steps in one epoch.
  public var stepsPerEpoch: Int { streams.windowCount(sequenceLength: sequenceLength) }
}

extension TrainingData {
  /// How to cut a corpus up.
  public struct Options: Sendable {
    /// What is held out.
    public var split: CorpusSplit
    /// Rows of a batch.
    public var batchSize: Int
    /// Steps of a window.
    public var sequenceLength: Int
    /// What is done to text first.
    public var preparation: TextPreparation
    /// What cuts it into units.
    public var segmenter: any Segmenter
    /// Which units become tokens.
    public var vocabulary: VocabularyRule

    /// The standard choices: the last tenth held out, NFC, code points, nothing cut.
    public init(
      split: CorpusSplit = .tail(fraction: 0.1), batchSize: Int, sequenceLength: Int,
      preparation: TextPreparation = TextPreparation(),
      segmenter: any Segmenter = CodePointSegmenter(),
      vocabulary: VocabularyRule = VocabularyRule()
    ) {
      self.split = split
      self.batchSize = batchSize
      self.sequenceLength = sequenceLength
      self.preparation = preparation
      self.segmenter = segmenter
      self.vocabulary = vocabulary
    }
  }

  /// Splits, counts, numbers and cuts a corpus.
  ///
  /// - Parameters:
  ///   - files: Each is a document of its own, begun by the boundary token.
  ///   - options: How to cut.
  ///   - tokenizer: One that exists already, as when a run goes on; otherwise it is made from the
  ///     training part.
  /// - Throws: `CorpusError` for a corpus with too little text, `TextError` from the tokenizer.
  public init(
    _ files: [CorpusFile], _ options: Options, tokenizer existing: Tokenizer? = nil
  ) throws {
    let texts = files.map(\.text)
    let characterCount = texts.reduce(0) { $0 + $1.characterCount }
    guard characterCount >= 2 else {
      throw CorpusError.tooShort(
        names: files.map(\.name), characterCount: characterCount, smallest: 2)
    }
    let shape = BatchShape(fitting: options, characterCount: characterCount)
    let parts = try CorpusParts(texts, options, shape)
    guard parts.training.contains(where: { $0.characterCount > 0 }) else {
      throw CorpusError.nothingToTrainOn(characterCount: characterCount, split: options.split.name)
    }
    let tokenizer =
      try existing
      ?? Tokenizer(
        trainedOn: parts.training, preparation: options.preparation,
        segmenter: options.segmenter, rule: options.vocabulary)
    if tokenizer.vocabulary.unitCount == 1 {
      throw CorpusError.oneSymbol(names: files.map(\.name))
    }
    try self.init(parts, options, shape, tokenizer)
  }

  private init(
    _ parts: CorpusParts, _ options: Options, _ shape: BatchShape, _ tokenizer: Tokenizer
  ) throws {
    self.tokenizer = tokenizer
    if let interleaved = parts.interleaved {
      // Tokens of pieces in their order; the vocabulary was made from some of them, so that a
      // piece's tokens can be longer than its text when it is spelled in bytes.
      let whole = interleaved.tokens(tokenizer)
      streams = whole.training
      validation = whole.validation
    } else {
      var tokens: [TokenID] = []
      for text in parts.training { tokens += [Vocabulary.boundary] + tokenizer.encode(text) }
      streams = TokenStreams(cutting: tokens, into: min(shape.batchSize, tokens.count - 1))
      let heldOut = parts.validation.isEmpty ? parts.training : parts.validation
      validation = ScoringPlan(documents: heldOut.map { tokenizer.encode($0) })
    }
    let measured = parts.validation.isEmpty ? parts.training : parts.validation
    validationCounts = measured.reduce(TextCounts.zero) { sum, text in
      sum + tokenizer.encodeCounting(text).counts
    }
    guard validation.targetCount > 0 else {
      throw CorpusError.nothingToValidateOn(split: options.split.name)
    }
    sequenceLength = min(shape.sequenceLength, max(streams.length, 1))
    var notices: [String] = []
    if streams.starts.count < options.batchSize || sequenceLength < options.sequenceLength {
      notices.append(
        "the text has only \(shape.characterCount) characters: batch \(streams.starts.count) x "
          + "\(sequenceLength) instead of \(options.batchSize) x \(options.sequenceLength)")
    }
    self.notices = notices + parts.notices
  }
}

extension TextCounts {
  /// Nothing counted.
  public static let zero = TextCounts(characters: 0, bytes: 0, words: 0, unknown: 0)

  /// The counts of two texts together.
  public static func + (left: TextCounts, right: TextCounts) -> TextCounts {
    TextCounts(
      characters: left.characters + right.characters, bytes: left.bytes + right.bytes,
      words: left.words + right.words, unknown: left.unknown + right.unknown)
  }
}
