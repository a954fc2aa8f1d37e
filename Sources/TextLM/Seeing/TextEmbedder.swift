/// Makes vectors of texts: what a model knows after having read them.
///
/// The vector of a text is made of the model's outputs, [H], after each of its tokens, by a `VectorPooling`;
/// a text without tokens has the output before its first. With a backward model its vector, made in the same
/// way while it reads from the last token back, stands behind the forward one. But for rounding, a text's
/// vector does not depend on the other texts.
public struct TextEmbedder: Sendable {
  /// The models.
  public let models: DirectedModels
  /// How outputs become one vector.
  public let pooling: VectorPooling
  private let precision: ComputePrecision
  /// Texts read side by side.
  private static let rowCount = 32
  /// Steps read at once.
  private static let chunkLength = 64

  /// An embedder with these models.
  public init(
    _ models: DirectedModels, pooling: VectorPooling = .mean,
    precision: ComputePrecision = .float32
  ) {
    self.models = models
    self.pooling = pooling
    self.precision = precision
  }

  /// The vectors of texts, all of the same length: H, or H of both models together.
  public func vectors(_ texts: [UTF8Text]) -> [[Float]] {
    let ahead = vectors(texts, models.forward)
    guard let backward = models.backward else { return ahead }
    return zip(ahead, vectors(texts, backward)).map { $0 + $1 }
  }

  private func vectors(_ texts: [UTF8Text], _ model: TextModel) -> [[Float]] {
    let tokens = texts.map { text in
      [Vocabulary.boundary] + model.configuration.direction.ordered(model.tokenizer.encode(text))
    }
    var vectors = [[Float]](repeating: [], count: texts.count)
    // Texts of like lengths together, so that little is read in vain.
    var order = tokens.indices.sorted { (tokens[$0].count, $0) < (tokens[$1].count, $1) }[...]
    while !order.isEmpty {
      let batch = Array(order.prefix(Self.rowCount))
      order = order.dropFirst(batch.count)
      let found = read(batch.map { tokens[$0] }, model.languageModel)
      for (index, vector) in zip(batch, found) { vectors[index] = vector }
    }
    return vectors
  }

  private func read<Model: LanguageModel>(_ rows: [[TokenID]], _ model: Model) -> [[Float]] {
    let pass = ForwardPass.inference(precision: precision)
    var state = model.initialState(batchSize: rows.count)
    var pools = [StepPool](repeating: StepPool(), count: rows.count)
    let longest = rows.reduce(0) { Swift.max($0, $1.count) }
    for first in stride(from: 0, to: longest, by: Self.chunkLength) {
      let time = min(Self.chunkLength, longest - first)
      let input = (first..<first + time).flatMap { step in
        rows.map { step < $0.count ? $0[step] : Vocabulary.boundary }
      }
      let batch = TokenBatch(input, timeLength: time, batchSize: rows.count)
      let hidden = model.read(batch, state: &state, pass).hidden  // [T, B, H]
      let width = hidden.shape[2]
      hidden.withUnsafeBuffer { values in
        for index in 0..<time * rows.count {
          let (row, step) = (index % rows.count, first + index / rows.count)
          // The output after the boundary is the same for every text: it counts for the empty one only.
          guard step < rows[row].count, step > 0 || rows[row].count == 1 else { continue }
          pools[row].add(values.extracting(index * width..<(index + 1) * width))
        }
      }
    }
    return pools.map { $0.vector(pooling.ofSteps) }
  }
}
