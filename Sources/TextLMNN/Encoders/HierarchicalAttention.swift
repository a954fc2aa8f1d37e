public import TextLMTensors

/// One vector for each document: of the words of each sentence, and of the sentences.
///
/// ```
/// h_it = lower(x_i)_t    s_i = pool of h_i over t    g_i = upper(s)_i    v = pool of g over i
/// ```
///
/// Encoders read in any direction, two of them at once for example; what is read may be characters,
/// words or anything else that sentences are made of. Not causal, and no language model: what is known of
/// a step is known of the whole document. Sentences without words are passed over.
///
/// Reference: Zichao Yang et al., "Hierarchical Attention Networks for Document Classification", 2016.
public struct HierarchicalAttention<Lower: SequenceEncoder, Upper: SequenceEncoder>: Sendable {
  private let lower: Lower
  private let upper: Upper
  private let lowerPooling: AttentionPooling
  private let upperPooling: AttentionPooling

  /// Encoders of sentences and of documents, with a pooling behind each: parameters under `lower_pool`
  /// and `upper_pool`. Requires that the upper encoder reads what the lower one gives.
  public init(
    lower: Lower, upper: Upper, attentionSize: Int, in scope: ParameterScope
  ) throws {
    require(
      lower.outputSize == upper.inputSize,
      "hierarchical attention: sentences of width \(lower.outputSize) for an encoder of inputs of "
        + "\(upper.inputSize)")
    self.lower = lower
    self.upper = upper
    lowerPooling = try AttentionPooling(
      inputSize: lower.outputSize, attentionSize: attentionSize, in: scope["lower_pool"])
    upperPooling = try AttentionPooling(
      inputSize: upper.outputSize, attentionSize: attentionSize, in: scope["upper_pool"])
  }

  /// Width of a document's vector.
  public var outputSize: Int { upper.outputSize }

  /// What is known of some documents.
  public struct Output {
    /// [B, outputSize].
    public let documents: Tensor
    /// The weight of each step in its sentence, [T, N].
    public let wordWeights: Tensor
    /// The weight of each sentence with words in its document, [S, B]: row i of column b is the i-th of
    /// document b.
    public let sentenceWeights: Tensor
  }

  /// Reads N sentences [T, N, D] of B documents, one document after the other.
  ///
  /// - Parameters:
  ///   - lengths: The steps of each sentence; those beyond are padding.
  ///   - sentenceCounts: The sentences of each document. Requires that they are N together.
  public func callAsFunction(
    _ input: Tensor, lengths: [Int], sentenceCounts: [Int], _ pass: ForwardPass
  ) -> Output {
    require(
      sentenceCounts.reduce(0, +) == lengths.count,
      "hierarchical attention: \(lengths.count) sentences for documents of \(sentenceCounts)")
    let words = lower.encode(input, lengths: lengths, pass)  // [T, N, W]
    let (sentences, wordWeights) = lowerPooling(words, lengths: lengths, pass)  // [N, W]
    let documents = Self.documents(lengths: lengths, sentenceCounts: sentenceCounts)
    let counts = documents.map(\.count)
    let longest = max(counts.max() ?? 0, 1)
    var places = [Int32](repeating: 0, count: longest * counts.count)
    for (number, document) in documents.enumerated() {
      for (order, sentence) in document.enumerated() {
        places[order * counts.count + number] = Int32(sentence)
      }
    }
    let grouped = pass.gather(
      TokenBatch(places, timeLength: longest, batchSize: counts.count), from: sentences)
    let read = upper.encode(
      pass.zeroPadding(grouped, lengths: counts), lengths: counts, pass)  // [S, B, W]
    let (vectors, sentenceWeights) = upperPooling(read, lengths: counts, pass)
    return Output(
      documents: vectors, wordWeights: wordWeights, sentenceWeights: sentenceWeights)
  }

  /// The sentences of each document that have words.
  private static func documents(lengths: [Int], sentenceCounts: [Int]) -> [[Int]] {
    var first = 0
    return sentenceCounts.map { count in
      defer { first += count }
      return (first..<first + count).filter { lengths[$0] > 0 }
    }
  }
}
