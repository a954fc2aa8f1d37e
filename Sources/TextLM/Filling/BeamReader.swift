#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model reading several texts of one length side by side, which are chosen anew after each token.
protocol BeamReader: AnyObject {
  /// −ln p of every token that may follow, for each text, after each has read its token; the text at
  /// place i goes on from the one that was at `origins[i]`.
  func costs(after tokens: [TokenID], origins: [Int]) -> [[Float]]
}

final class ModelBeamReader<Model: LanguageModel>: BeamReader {
  private let model: Model
  private let pass = ForwardPass.inference()
  private var state: Model.State

  init(_ model: Model) {
    self.model = model
    state = model.initialState(batchSize: 1)
  }

  func costs(after tokens: [TokenID], origins: [Int]) -> [[Float]] {
    state = state.mapTensors { tensor in
      origins == Array(0..<tensor.shape[0])
        ? tensor : Tensor(stacking: origins.map { tensor[rows: $0..<$0 + 1] })
    }
    let batch = TokenBatch(tokens, timeLength: 1, batchSize: tokens.count)
    let logits = model(batch, state: &state, pass)  // [1, B, V]
    let (values, width) = (logits.array, model.vocabularySize)
    return tokens.indices.map { Self.costs(values[$0 * width..<($0 + 1) * width]) }
  }

  private static func costs(_ logits: ArraySlice<Float>) -> [Float] {
    let greatest = Double(logits.max() ?? 0)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }
    let normalizer = log(total) + greatest
    return logits.map { Float(normalizer - Double($0)) }
  }
}

extension LanguageModel {
  func beamReader() -> any BeamReader { ModelBeamReader(self) }
}
