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

  func logits(after tokens: [TokenID]) -> [Float] {
    var last: [Float] = []
    for first in stride(from: 0, to: tokens.count, by: Self.chunkLength) {
      let chunk = Array(tokens[first..<min(first + Self.chunkLength, tokens.count)])
      let batch = TokenBatch(chunk, timeLength: chunk.count, batchSize: 1)
      let logits = model(batch, state: &state, pass)  // [T, 1, V]
      last = logits[rows: chunk.count - 1..<chunk.count].array
    }
    return last
  }

  func logits(after tokens: [TokenID], origins: [Int]) -> [[Float]] {
    if origins != Array(0..<textCount) {
      state = state.mapTensors { tensor in
        Tensor(stacking: origins.map { tensor[rows: $0..<$0 + 1] })
      }
      textCount = origins.count
    }
    let batch = TokenBatch(tokens, timeLength: 1, batchSize: tokens.count)
    let logits = model(batch, state: &state, pass)  // [1, B, V]
    let (values, width) = (logits.array, model.vocabularySize)
    return tokens.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}

extension LanguageModel {
  func reader(precision: ComputePrecision) -> any NextTokenReader {
    ModelReader(self, precision: precision)
  }
}
