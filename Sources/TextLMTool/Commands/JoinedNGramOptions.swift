import ArgumentParser
import TextLM

/// Lengths as they are written: `2-5`, or `3` for that one alone.
struct LengthRange: ExpressibleByArgument {
  let lengths: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      first <= last
    else { return nil }
    lengths = first...last
  }
}

/// Sequences of characters that join what a network reads.
struct JoinedNGramOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Let the network's output also see the mean vector of all sequences of so many characters, such \
      as 2-5, in each text: what short words and endings say by themselves then needs no encoder.
      """, valueName: "lengths"))
  var joinNgrams: LengthRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Vectors that these sequences share by chance; \(JoinedNGrams.standardBucketCount) by default. \
      More are shared less, and make steps slower and the classifier larger.
      """, valueName: "n"))
  var ngramBuckets: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Width of these vectors; \(JoinedNGrams.standardVectorSize) by default.", valueName: "n"))
  var ngramWidth: Int?

  func validate() throws {
    if joinNgrams == nil, let name = given.first {
      throw ValidationError("\(name) means nothing without --join-ngrams")
    }
    do {
      _ = try configuration()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// What joins; nil for nothing.
  func configuration() throws(NeuralClassifierError) -> JoinedNGrams? {
    guard let joinNgrams else { return nil }
    return try JoinedNGrams(
      lengths: joinNgrams.lengths, bucketCount: ngramBuckets ?? JoinedNGrams.standardBucketCount,
      vectorSize: ngramWidth ?? JoinedNGrams.standardVectorSize)
  }

  /// The options that were given.
  var given: [String] {
    [
      ("--join-ngrams", joinNgrams != nil), ("--ngram-buckets", ngramBuckets != nil),
      ("--ngram-width", ngramWidth != nil),
    ].filter(\.1).map(\.0)
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    let numbers = [
      ("--join-ngrams from", joinNgrams?.lengths.lowerBound, "shortest"),
      ("--join-ngrams to", joinNgrams?.lengths.upperBound, "longest"),
      ("--ngram-buckets", ngramBuckets, "buckets"), ("--ngram-width", ngramWidth, "vector_size"),
    ]
    return numbers.compactMap { name, number, key in
      FixedOption(
        name, number.map { .number(Double($0)) }, "config", "joined_ngrams", key)
    }
  }
}
