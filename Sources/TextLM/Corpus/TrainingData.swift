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
    /// How the bytes of texts are read; nil for as the files were read already. That of line ends
    /// is the preparation's in any case, because every text is to be read by it.
    public var reading: ReadingRules?
    /// What is done to text first.
    public var preparation: TextPreparation
    /// What cuts it into units.
    public var segmenter: any Segmenter
    /// Which units become tokens.
    public var vocabulary: VocabularyRule
    /// From which end it is read: the model's, which settings of a run see to.
    public internal(set) var direction = ReadingDirection.forward

    /// The standard choices: the last tenth held out, NFC, code points, nothing cut.
    public init(
      split: CorpusSplit = .tail(fraction: 0.1), batchSize: Int, sequenceLength: Int,
      reading: ReadingRules? = nil, preparation: TextPreparation = TextPreparation(),
      segmenter: any Segmenter = CodePointSegmenter(),
      vocabulary: VocabularyRule = VocabularyRule()
    ) {
      self.split = split
      self.batchSize = batchSize
      self.sequenceLength = sequenceLength
      self.reading = reading
      self.preparation = preparation
      self.segmenter = segmenter
      self.vocabulary = vocabulary
    }
  }

  /// Splits, counts, numbers and cuts a corpus.
  ///
  /// Tokens of a large corpus lie in a file that is gone with this value.
  ///
  /// - Parameters:
  ///   - files: Each is a document of its own, begun by the boundary token, unless
  ///     `options.reading` says otherwise.
  ///   - options: How to cut.
  ///   - tokenizer: One that exists already, as when a run goes on; otherwise it is made from the
  ///     training part.
  /// - Throws: `CorpusError` for a corpus with too little text, `TextError` from the tokenizer,
  ///   `StorageError` for files that cannot be read again.
  public init(
    _ files: [CorpusFile], _ options: Options, tokenizer existing: Tokenizer? = nil
  ) throws {
    self = try PreparedCorpus(files, options, tokenizer: existing).encoded(in: nil)
  }

  /// Cuts the tokens of a corpus, of which segment `index` of the plan ends at
  /// `segmentEnds[index]`.
  init(
    _ corpus: PreparedCorpus, _ tokens: TokenStore, segmentEnds: [Int], _ counts: TextCounts
  ) throws(CorpusError) {
    let (options, shape, plan) = (corpus.options, corpus.shape, corpus.plan)
    let all = zip([0] + segmentEnds, segmentEnds).map { $0..<$1 }
    func ranges(_ part: CorpusPlan.Part) -> [Range<Int>] {
      zip(plan.segments, all).filter { $0.0.part == part }.map(\.1)
    }
    tokenizer = corpus.tokenizer
    let training = ranges(.training)
    let measured = ranges(plan.measuredPart)
    if plan.isInterleaved {
      // Units spelled in bytes make rows of different lengths. Rows of a batch must be equally
      // long, so the shortest counts; all that is held out is measured.
      let length = training.reduce(Int.max) { min($0, $1.count) }
      switch options.direction {
      case .forward:
        streams = TokenStreams(
          tokens: tokens, starts: training.map(\.lowerBound), length: length)
        validation = ScoringPlan(tokens: tokens, reading: measured)
      case .backward:
        // What is read and what is predicted behind it change their places.
        let last = tokens.count - 1
        let reversed = tokens.reversedTokens()
        streams = TokenStreams(
          tokens: reversed, starts: training.map { last - $0.lowerBound - length }, length: length)
        validation = ScoringPlan(
          tokens: reversed,
          reading: measured.map { last - $0.upperBound..<last - $0.lowerBound })
      }
    } else {
      // What lies on both sides of a fold is learned from as one text; a boundary begins the second.
      let span = training[0].lowerBound..<training[training.count - 1].upperBound
      let part =
        training.count == 1
        ? tokens.part(span)
        : tokens.part(span).removing(
          training[0].upperBound - span.lowerBound..<training[1].lowerBound - span.lowerBound)
      streams = TokenStreams(
        cutting: part.read(options.direction), into: max(1, min(shape.batchSize, part.count - 1)))
      // The last document's end is the boundary token of what follows.
      let isFollowed = plan.measuresEnds && measured[0].upperBound < tokens.count
      validation = ScoringPlan(
        tokens: tokens.part(
          measured[0].lowerBound..<measured[0].upperBound + (isFollowed ? 1 : 0)
        ).read(options.direction),
        includesEnds: plan.measuresEnds)
    }
    validationCounts = counts
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
    self.notices = notices + corpus.notices
  }
}

extension TokenStore {
  /// The tokens as a model of that direction reads them: texts begin with the boundary token from
  /// either end.
  fileprivate func read(_ direction: ReadingDirection) -> TokenStore {
    guard direction == .backward, count > 1 else { return self }
    let ends = self[count - 1] == Vocabulary.boundary
    return reversedTokens(keepingFirst: self[0] == Vocabulary.boundary && !ends)
  }
}

extension TextCounts {
  /// Nothing counted.
  public static let zero = TextCounts(characters: 0, bytes: 0, words: 0, unknown: 0)

  /// What separates a document from the next one, counted as one character whatever it is.
  public static let documentEnd = TextCounts(characters: 1, bytes: 1, words: 0, unknown: 0)

  /// The counts of two texts together.
  public static func + (left: TextCounts, right: TextCounts) -> TextCounts {
    TextCounts(
      characters: left.characters + right.characters, bytes: left.bytes + right.bytes,
      words: left.words + right.words, unknown: left.unknown + right.unknown)
  }
}
