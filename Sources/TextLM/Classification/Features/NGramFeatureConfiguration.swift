/// Which features a classifier of n-grams looks at, and how it is fitted.
///
/// Three blocks of features, each of which is there or not in a text: sequences of characters inside
/// a word with its two ends, sequences of words, and pairs of words with others between them. What is
/// stored with a model is what decides the features of a text; the rest matters for training only.
public struct NGramFeatureConfiguration: Sendable, Equatable {
  /// The lengths of sequences of characters, in which the end of a word counts as one. Shorter ones
  /// than 2 say little; longer ones than 6 make the model larger and hardly better.
  public let characterLengths: ClosedRange<Int>
  /// The most words of a sequence; 0 for none at all.
  public let wordLength: Int
  /// The greatest distance of the two words of a pair: 4 for up to three words between them. Below 2
  /// there are no pairs, and what stands apart, such as a negation, is seen less well.
  public let pairDistance: Int
  /// The most features: of more, those are kept that most texts have. Memory and the size of the
  /// model's file grow with it.
  public let featureLimit: Int
  /// The weights of the data against the penalty that are tried, and where the best is the least or the
  /// greatest of several, up to two beyond it; the best on held out texts is taken. Small ones suit
  /// noisy data.
  public let dataWeights: [Double]
  /// In how many parts the training texts are divided for that.
  public let foldCount: Int

  /// The name by which `--arch` and model files know the encoder.
  public static let architectureName = "ngram"
  /// The lengths of sequences of characters that there can be.
  public static let possibleCharacterLengths = 1...12
  /// The lengths of sequences of words that there can be.
  public static let possibleWordLengths = 0...4
  /// The distances of pairs that there can be.
  public static let possiblePairDistances = 0...8

  /// A configuration of these parts.
  ///
  /// - Throws: `NGramClassifierError.configuration` for numbers out of range, and for no features.
  public init(
    characterLengths: ClosedRange<Int> = 2...6, wordLength: Int = 2, pairDistance: Int = 4,
    featureLimit: Int = 1 << 22, dataWeights: [Double] = [0.3, 1, 3, 10, 30], foldCount: Int = 4
  ) throws(NGramClassifierError) {
    func check(_ isRight: Bool, _ problem: String) throws(NGramClassifierError) {
      if !isRight { throw .configuration(problem: problem) }
    }
    let lengths = Self.possibleCharacterLengths
    try check(
      lengths.contains(characterLengths.lowerBound)
        && lengths.contains(characterLengths.upperBound),
      "sequences of characters are \(lengths.lowerBound) to \(lengths.upperBound) long")
    try check(
      Self.possibleWordLengths.contains(wordLength),
      "sequences of words are up to \(Self.possibleWordLengths.upperBound) long")
    try check(
      Self.possiblePairDistances.contains(pairDistance),
      "the words of a pair are up to \(Self.possiblePairDistances.upperBound) apart")
    try check(
      (1...Int(Int32.max)).contains(featureLimit), "the number of features is 1 to \(Int32.max)")
    try check(
      !dataWeights.isEmpty && dataWeights.allSatisfy { $0 > 0 && $0.isFinite },
      "the weights of the data are positive numbers, at least one")
    try check(foldCount >= 2, "the texts are divided in at least 2 parts")
    self.characterLengths = characterLengths
    self.wordLength = wordLength
    self.pairDistance = pairDistance
    self.featureLimit = featureLimit
    self.dataWeights = dataWeights.sorted()
    self.foldCount = foldCount
  }

  /// What is stored with a model: all that decides the features of a text.
  public var json: JSONValue {
    [
      "characters": [
        JSONValue(characterLengths.lowerBound), JSONValue(characterLengths.upperBound),
      ],
      "words": JSONValue(wordLength), "pairs": JSONValue(pairDistance),
    ]
  }

  /// Reads what `json` writes, which may come from anywhere.
  ///
  /// - Throws: `JSONFieldError`, `NGramClassifierError.configuration`.
  public init(_ json: JSONField) throws {
    try json.allowOnly(["characters", "words", "pairs"])
    let lengths = try json.field("characters").elements().map {
      try $0.int(in: Self.possibleCharacterLengths)
    }
    guard lengths.count == 2, lengths[0] <= lengths[1] else {
      throw NGramClassifierError.configuration(
        problem: "\(json.path).characters is not the least and the greatest length")
    }
    try self.init(
      characterLengths: lengths[0]...lengths[1],
      wordLength: json.int("words", in: Self.possibleWordLengths),
      pairDistance: json.int("pairs", in: Self.possiblePairDistances))
  }
}
