/// Reads texts with a language model and tells what it made of each: what it remembers at the end, which
/// is the cell states of all layers where it is an LSTM and else its output; and the mean and the greatest of
/// each output over the text.
///
/// Of a cell the content is taken and not the output, because it holds what the model will need only later.
/// A small model has forgotten at the end much of what it noticed on the way: of the sentences of SST-2 the
/// end alone told as much as chance where mean and maximum told two thirds of the labels.
///
/// Reference: Alec Radford, Rafal Jozefowicz and Ilya Sutskever, "Learning to Generate Reviews and
/// Discovering Sentiment", 2017, for cells at the end.
struct StateReader: Sendable {
  let languageModel: any LanguageModel
  let tokenizer: Tokenizer
  let direction: ReadingDirection
  /// What each component of a vector is.
  let units: [UnitName]

  /// Texts read side by side, and steps that are read at once.
  private static let batching = LengthBatches(rowLimit: 32, stepLimit: 1 << 20)
  private static let chunkLength = 64
  /// How outputs are pooled, whose names are those of the layers.
  private static let poolings = [TextPooling.mean, .max]

  init(_ languageModel: any LanguageModel, tokenizer: Tokenizer, direction: ReadingDirection) {
    self.languageModel = languageModel
    self.tokenizer = tokenizer
    self.direction = direction
    units = Self.units(of: languageModel)
  }

  /// The vectors of texts, one component for each of `units`; `checkStop` is called before each batch, and
  /// what it throws ends the reading.
  func vectors<Failure: Error>(
    of texts: [String], checkStop: () throws(Failure) -> Void
  ) throws(Failure) -> [[Float]] {
    let tokens = texts.map { direction.ordered(tokenizer.encode($0)) }
    var vectors = [[Float]](repeating: [], count: texts.count)
    for batch in Self.batching.sorted(tokens.map(\.count)) {
      try checkStop()
      let found = Self.read(batch.map { tokens[$0] }, languageModel)
      for (index, vector) in zip(batch, found) { vectors[index] = vector }
    }
    return vectors
  }

  /// The vectors of texts, one component for each of `units`.
  func vectors(of texts: [String]) -> [[Float]] { vectors(of: texts) {} }

  /// Of what pooling of the output a unit is a component; nil for what is remembered at the end.
  static func pooling(of unit: UnitName) -> TextPooling? {
    poolings.first { $0.rawValue.utf8.elementsEqual(unit.layer.utf8) }
  }

  private static func units<Model: LanguageModel>(of model: Model) -> [UnitName] {
    let layers = UnitReader(model).layers
    let cells = layers.filter { $0.name.hasPrefix("cell") }
    let output = layers.prefix(1)
    let memory = (cells.isEmpty ? Array(output) : cells).map { ($0.name, $0.size) }
    let pools = poolings.flatMap { way in output.map { (way.rawValue, $0.size) } }
    return (memory + pools).flatMap { name, size in
      (0..<size).map { UnitName(layer: name, index: $0) }
    }
  }

  /// Texts that end together: whatever begins later begins anew there, and all are at their end after the
  /// last step.
  private static func read<Model: LanguageModel>(
    _ texts: [[TokenID]], _ model: Model
  ) -> [[Float]] {
    let pass = ForwardPass.inference()
    let (rowCount, longest) = (texts.count, 1 + (texts.map(\.count).max() ?? 0))
    let layers = UnitReader(model).layers
    let (outputWidth, names) = (layers[0].size, layers.dropFirst().map(\.name))
    var state = model.initialState(batchSize: rowCount)
    var output: [Float] = []
    var pools = [StepPool](repeating: StepPool(width: outputWidth), count: rowCount)
    for first in stride(from: 0, to: longest, by: chunkLength) {
      let steps = first..<min(first + chunkLength, longest)
      let tokens = steps.flatMap { step in
        texts.map { text in
          let place = step - (longest - text.count)
          return place < 0 ? Vocabulary.boundary : text[place]
        }
      }
      let batch = TokenBatch(
        tokens, timeLength: steps.count, batchSize: rowCount,
        restarts: Restarts(tokens.map { $0 == Vocabulary.boundary }))
      let hidden = model.read(batch, state: &state, pass).hidden  // [T, B, H]
      output = hidden[rows: steps.count - 1..<steps.count].array
      hidden.withUnsafeBuffer { values in
        for (place, token) in tokens.enumerated() where token != Vocabulary.boundary {
          pools[place % rowCount].add(
            values.extracting(place * outputWidth..<(place + 1) * outputWidth))
        }
      }
    }
    let cells = zip(names, state.vectors).filter { $0.0.hasPrefix("cell") }
      .map { $0.1.array }
    let pooled = poolings.map { way in pools.flatMap { $0.vector(way) } }
    let parts = (cells.isEmpty ? [output] : cells) + pooled
    return (0..<rowCount).map { row in
      parts.flatMap { part in
        let width = part.count / rowCount
        return part[row * width..<(row + 1) * width]
      }
    }
  }
}
