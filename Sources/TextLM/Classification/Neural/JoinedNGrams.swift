/// Which sequences of tokens join what a network's encoders say of a text, before the head.
///
/// ```
/// v = 1 / N · Σ E[row(s)] over the N sequences s of the text
/// ```
///
/// E [buckets, W] is a table that is learned, and row(s) a hash of the sequence: which sequences there are
/// need not be known, and those that share a row share its vector. Sequences are of characters where tokens
/// are, and of words where tokens are words; they see a text as the classifier's tokens have it, with each of
/// its two ends as one more token. A text that is shorter than the shortest sequence is one by itself.
/// The head sees the encoders' vector and v side by side, so that what short sequences say by themselves
/// needs no encoder.
///
/// Reference: Armand Joulin, Edouard Grave, Piotr Bojanowski and Tomas Mikolov, "Bag of Tricks for
/// Efficient Text Classification", 2017.
public struct JoinedNGrams: Sendable, Equatable {
  /// The lengths of sequences in tokens; longer ones tell more, and each is seldomer seen.
  public let lengths: ClosedRange<Int>
  /// The rows of the table. More of them are shared less, and each step of the training changes all of
  /// them.
  public let bucketCount: Int
  /// W, the width of the table and of the mean.
  public let vectorSize: Int

  /// The lengths that sequences may have.
  public static let possibleLengths = 1...12
  /// The numbers of rows that there may be.
  public static let bucketCounts = 1...1 << 24
  /// The widths that the table may have.
  public static let vectorSizes = 1...1024
  /// The rows where nothing else is said: with the standard width each step changes a million numbers,
  /// which is about as much as the weights of a network of two layers of 256 units.
  public static let standardBucketCount = 1 << 15
  /// The width where nothing else is said.
  public static let standardVectorSize = 32

  /// Sequences of these lengths.
  ///
  /// Throws `NeuralClassifierError.setting` for numbers that are out of range.
  public init(
    lengths: ClosedRange<Int> = 2...5, bucketCount: Int = Self.standardBucketCount,
    vectorSize: Int = Self.standardVectorSize
  ) throws(NeuralClassifierError) {
    func check(
      _ name: String, _ value: Int, _ allowed: ClosedRange<Int>
    ) throws(NeuralClassifierError) {
      guard allowed.contains(value) else {
        throw .setting(name: name, value: "\(value)", allowed: "\(allowed)")
      }
    }
    try check("the shortest length of n-grams", lengths.lowerBound, Self.possibleLengths)
    try check("the longest length of n-grams", lengths.upperBound, Self.possibleLengths)
    try check("the number of rows for n-grams", bucketCount, Self.bucketCounts)
    try check("the width of the vectors of n-grams", vectorSize, Self.vectorSizes)
    self.lengths = lengths
    self.bucketCount = bucketCount
    self.vectorSize = vectorSize
  }

  /// The row of each sequence of a text whose tokens begin with the boundary; at least one.
  package func rows(of text: [TokenID]) -> [Int32] {
    let tokens = text + [Vocabulary.boundary]
    let shortest = min(lengths.lowerBound, tokens.count)
    var rows: [Int32] = []
    rows.reserveCapacity(tokens.count * lengths.count)
    for first in tokens.indices {
      var hash = FeatureKey.start
      for last in first..<min(first + lengths.upperBound, tokens.count) {
        hash = FeatureKey.extended(hash, by: UInt64(tokens[last]))
        guard last - first + 1 >= shortest else { continue }
        rows.append(Int32(FeatureKey.key(hash, .characters) % UInt64(bucketCount)))
      }
    }
    return rows
  }
}

extension JoinedNGrams {
  /// As it is stored in a classifier's `config`.
  var json: JSONValue {
    [
      "shortest": JSONValue(lengths.lowerBound), "longest": JSONValue(lengths.upperBound),
      "buckets": JSONValue(bucketCount), "vector_size": JSONValue(vectorSize),
    ]
  }

  /// Reads what `json` writes, which may come from anywhere.
  init(_ json: JSONField) throws {
    try json.allowOnly(["shortest", "longest", "buckets", "vector_size"])
    let shortest = try json.int("shortest", in: Self.possibleLengths)
    let longest = try json.int(
      "longest", in: shortest...Self.possibleLengths.upperBound)
    try self.init(
      lengths: shortest...longest, bucketCount: json.int("buckets", in: Self.bucketCounts),
      vectorSize: json.int("vector_size", in: Self.vectorSizes))
  }
}
