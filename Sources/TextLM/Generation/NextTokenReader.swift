/// A model reading one text: tokens in, logits of the next one out.
///
/// The pass keeps packed weights for as long as the reading lasts; the weights must not change
/// meanwhile.
protocol NextTokenReader: AnyObject {
  /// The logits of the token that follows, [V], after reading `tokens`, of which there is one at
  /// least.
  func logits(after tokens: [TokenID]) -> [Float]
}

final class ModelReader<Model: LanguageModel>: NextTokenReader {
  private let model: Model
  private let pass: ForwardPass
  private var state: Model.State
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
}

extension LanguageModel {
  func reader(precision: ComputePrecision) -> any NextTokenReader {
    ModelReader(self, precision: precision)
  }
}
