#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An embedding, a causal encoder and a linear output over the vocabulary.
///
/// x = E[token] [T, B, E]; y = encoder(x) [T, B, H]; logits = y Wᵀ + b [T, B, V], where W [V, H] is
/// E itself when the output is tied.
///
/// Parameters: `embedding.weight`, the encoder's under `rnn`, `head.weight` unless tied, and
/// `head.bias`.
public struct CausalLanguageModel<Encoder: CausalEncoder>: LanguageModel {
  /// V, the number of tokens.
  public let vocabularySize: Int
  /// All that training changes.
  public let parameters: [Parameter]
  let embedding: Embedding
  let encoder: Encoder
  private let outputWeight: Parameter
  private let outputBias: Parameter

  init<Kind: CausalArchitecture>(
    architecture: Kind, configuration: ModelConfiguration, vocabularySize: Int,
    from source: any ParameterSource
  ) throws where Kind.Encoder == Encoder {
    try configuration.checkWidths()
    let root = ParameterScope(source)
    let embeddingSize = configuration.embeddingSize
    self.vocabularySize = vocabularySize
    // Small enough that a tied output starts near the uniform distribution.
    let usual = configuration.isTied ? 1 / Double(embeddingSize).squareRoot() : 1
    let deviation = architecture.firstDeviation
    let initializer = Initializer.normal(standardDeviation: deviation ?? usual)
    embedding = try Embedding(
      vocabularySize: vocabularySize, embeddingSize: embeddingSize, initializer: initializer,
      in: root["embedding"])
    encoder = try architecture.makeEncoder(inputSize: embeddingSize, in: root["rnn"])
    if configuration.isTied {
      outputWeight = embedding.weight
    } else {
      outputWeight = try root["head"].parameter(
        "weight", [vocabularySize, encoder.outputSize],
        deviation.map { .normal(standardDeviation: $0) } ?? .xavierUniform())
    }
    outputBias = try root["head"].parameter("bias", [vocabularySize], .zeros)
    parameters = root.parameters
  }

  /// The encoder's initial state.
  public func initialState(batchSize: Int) -> Encoder.State {
    encoder.initialState(batchSize: batchSize)
  }

  /// Reads T tokens of B texts: the encoder's output [T, B, H], and logits [T, B, V].
  public func read(
    _ tokens: TokenBatch, state: inout Encoder.State, _ pass: ForwardPass
  ) -> (hidden: Tensor, logits: Tensor) {
    let hidden = encoder.read(tokens, from: embedding, state: &state, pass)  // [T, B, H]
    let dropped = pass.dropout(hidden, rate: pass.regularization.outputDropout)
    pass.addActivationPenalties(output: hidden, dropped: dropped, restarts: tokens.restarts)
    let logits = pass.linear(
      dropped, weight: pass.value(of: outputWeight), bias: pass.value(of: outputBias))  // [T, B, V]
    return (hidden, logits)
  }
}

extension LanguageModel {
  /// Starts the output at the frequencies of the training text: what a model learns in its first
  /// hundred steps otherwise.
  ///
  /// `frequencies` are the logarithms of the tokens' parts of the text.
  public func startOutput(at frequencies: [Double]) {
    guard let bias = parameters.first(where: { $0.path == "head.bias" }) else { return }
    bias.value = Tensor(frequencies.map { Float($0) }, shape: bias.shape)
  }
}

extension Vocabulary {
  /// The logarithm of each token's part of the text that the vocabulary was made from.
  ///
  /// `boundaryCount` is how often one document ends and the next begins; tokens that were never
  /// counted get half a count.
  public func logFrequencies(boundaryCount: Int = 0) -> [Double] {
    var weights = [Double](repeating: 0.5, count: count)
    for (token, count) in zip(unitTokens, counts) { weights[token] += Double(count) }
    weights[Int(Self.boundary)] += Double(boundaryCount)
    let total = weights.reduce(0, +)
    return weights.map { log($0 / total) }
  }

  /// The numbers of the units' tokens.
  var unitTokens: Range<Int> {
    let first = count - unitCount - (hasByteFallback ? 256 : 0)
    return first..<first + unitCount
  }
}
