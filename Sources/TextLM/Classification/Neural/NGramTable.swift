/// The mean of a table's rows for the sequences of tokens in a text; see `JoinedNGrams`.
///
/// Parameter: `weight` [buckets, W].
struct NGramTable: Sendable {
  private let configuration: JoinedNGrams
  private let embedding: Embedding

  /// Rows of a long text that are in memory at once.
  private static let chunkLength = 4096

  init(_ configuration: JoinedNGrams, in scope: ParameterScope) throws {
    self.configuration = configuration
    // Small, so that what no text has taught says little. Beginning at 1 instead, the table alone gets 3
    // points less of SST-2 right.
    embedding = try Embedding(
      vocabularySize: configuration.bucketCount, embeddingSize: configuration.vectorSize,
      initializer: .normal(standardDeviation: 0.1), in: scope)
  }

  /// The means [B, W] of texts whose tokens begin with the boundary.
  func callAsFunction(_ texts: [[TokenID]], _ pass: ForwardPass) -> Tensor {
    let rows = texts.map(configuration.rows)
    let vectors = embedding(TokenBatch(rows: rows, padding: 0), pass)  // [N, B, W]
    return pass.meanOverTime(vectors, lengths: rows.map(\.count))
  }

  /// The mean [1, W] of one text of any length whose tokens begin with the boundary.
  func reading(_ text: [TokenID], _ pass: ForwardPass) -> Tensor {
    let rows = configuration.rows(of: text)
    var pool = StepPool()
    for start in stride(from: 0, to: rows.count, by: Self.chunkLength) {
      let chunk = Array(rows[start..<min(start + Self.chunkLength, rows.count)])
      pool.add(embedding(TokenBatch(rows: [chunk], padding: 0), pass))  // [N, 1, W]
    }
    let mean = pool.vector(.mean)
    return Tensor(mean, shape: [1, mean.count])
  }
}
