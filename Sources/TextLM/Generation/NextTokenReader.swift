/// A model reading texts: tokens in, logits of the next ones out.
///
/// The pass keeps packed weights for as long as the reading lasts; the weights must not change
/// meanwhile.
protocol NextTokenReader: AnyObject {
  /// The logits of the token that follows, [V], after reading `tokens`, of which there is one at
  /// least. Requires one text.
  func logits(after tokens: [TokenID]) -> [Float]

  /// The logits of what follows in each of several texts, [V] each, after each has read its token;
  /// the text at place i goes on from the one that was at `origins[i]`.
  func logits(after tokens: [TokenID], origins: [Int]) -> [[Float]]

  /// What the model knows after each of `tokens`, [H] each, and the logits of what follows the last, [V].
  /// Requires one text, and one token at least.
  func states(after tokens: [TokenID]) -> (hidden: [[Float]], logits: [Float])

  /// What the model knows of each of several texts after its token, [H] each, and the logits of what
  /// follows, [V] each; the text at place i goes on from the one that was at `origins[i]`.
  func states(
    after tokens: [TokenID], origins: [Int]
  ) -> [(hidden: [Float], logits: [Float])]

  /// Another reader of what this one has read, which goes on by itself. The two share packed weights
  /// and must not read at the same time.
  func branch() -> any NextTokenReader

  /// Another reader of what this one has read, for another thread: the two may read at the same time.
  func copy() -> any NextTokenReader
}

final class ModelReader<Model: LanguageModel>: NextTokenReader {
  private let model: Model
  private let pass: ForwardPass
  private var state: Model.State
  /// Texts that the state is of.
  private var textCount = 1
  /// Tokens of a long prompt read at once.
  private static var chunkLength: Int { 256 }

  init(_ model: Model, precision: ComputePrecision) {
    self.model = model
    pass = .inference(precision: precision)
    state = model.initialState(batchSize: 1)
  }

  private init(_ reader: ModelReader, _ pass: ForwardPass) {
    model = reader.model
    self.pass = pass
    state = reader.state
    textCount = reader.textCount
  }

  func branch() -> any NextTokenReader { ModelReader(self, pass) }

  func copy() -> any NextTokenReader { ModelReader(self, pass.copy()) }

  func logits(after tokens: [TokenID]) -> [Float] {
    var last: [Float] = []
    readChunks(tokens) { _, logits in
      last = logits[rows: logits.shape[0] - 1..<logits.shape[0]].array
    }
    return last
  }

  func states(after tokens: [TokenID]) -> (hidden: [[Float]], logits: [Float]) {
    var result: (hidden: [[Float]], logits: [Float]) = ([], [])
    readChunks(tokens) { hidden, logits in
      result.hidden += Self.rows(hidden)
      result.logits = logits[rows: logits.shape[0] - 1..<logits.shape[0]].array
    }
    return result
  }

  func logits(after tokens: [TokenID], origins: [Int]) -> [[Float]] {
    Self.rows(readStep(tokens, origins).logits)
  }

  func states(
    after tokens: [TokenID], origins: [Int]
  ) -> [(hidden: [Float], logits: [Float])] {
    let (hidden, logits) = readStep(tokens, origins)
    return zip(Self.rows(hidden), Self.rows(logits)).map { (hidden: $0, logits: $1) }
  }

  /// Reads one text on; `body` gets [T, 1, H] and [T, 1, V] of each stretch.
  private func readChunks(_ tokens: [TokenID], _ body: (Tensor, Tensor) -> Void) {
    for first in stride(from: 0, to: tokens.count, by: Self.chunkLength) {
      let chunk = Array(tokens[first..<min(first + Self.chunkLength, tokens.count)])
      let batch = TokenBatch(chunk, timeLength: chunk.count, batchSize: 1)
      let (hidden, logits) = model.read(batch, state: &state, pass)
      body(hidden, logits)
    }
  }

  /// Reads a token of each text: [1, B, H] and [1, B, V].
  private func readStep(_ tokens: [TokenID], _ origins: [Int]) -> (hidden: Tensor, logits: Tensor) {
    if origins != Array(0..<textCount) {
      state = state.mapTensors { tensor in
        Tensor(stacking: origins.map { tensor[rows: $0..<$0 + 1] })
      }
      textCount = origins.count
    }
    return model.read(
      TokenBatch(tokens, timeLength: 1, batchSize: tokens.count), state: &state, pass)
  }

  /// The rows of [T, B, W], T · B of them.
  private static func rows(_ tensor: Tensor) -> [[Float]] {
    let (values, width) = (tensor.array, tensor.shape[2])
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}

extension LanguageModel {
  func reader(precision: ComputePrecision) -> any NextTokenReader {
    ModelReader(self, precision: precision)
  }
}
