#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The first values of a model that begins with a trained one.
///
/// Rows of the embedding and of the output are those of the tokens that stand for the same text;
/// everything else is taken by path and shape.
///
/// A token that is new gets a row near the mean of the trained ones, which keeps what the model
/// already predicts nearly as it is: a row drawn afresh could have a greater logit than all known
/// tokens in every context. So that new tokens are not all the same, the row is moved by a tenth of
/// the rows' spread. Its bias is the logarithm of its frequency in the new text, moved by as much as
/// the known tokens' biases lie above theirs. Where embeddings alone are taken there is nothing that
/// reads them yet, and new rows are drawn with the full spread of the others.
///
/// Reference: John Hewitt, "Initializing New Word Embeddings for Pretrained Language Models", 2021.
final class TransferredParameters: ParameterSource {
  /// Parameters taken over so far.
  private(set) var takenCount = 0
  private let transfer: Transfer
  private let values: [String: Tensor]
  private let fallback: any ParameterSource
  /// For each new token that of the trained model.
  private let rows: [TokenID?]
  /// The trained model's tokens that new rows are made like.
  private let units: Range<Int>
  private let frequencies: [Double]
  private let random: RandomSource

  init(
    _ transfer: Transfer, vocabulary: Vocabulary, fallback: any ParameterSource,
    frequencies: [Double], random: RandomSource
  ) {
    self.transfer = transfer
    self.fallback = fallback
    self.frequencies = frequencies
    self.random = random
    let known = transfer.donor.tokenizer.vocabulary
    rows = vocabulary.matches(in: known)
    units = known.unitCount > 0 ? known.unitTokens : 0..<known.count
    values = Dictionary(
      uniqueKeysWithValues: transfer.donor.languageModel.parameters.map { ($0.path, $0.value) })
  }

  private static let embedding = "embedding.weight"
  private static let outputWeight = "head.weight"
  private static let outputBias = "head.bias"

  /// Whether a parameter has a row for each token.
  static func isOfTokens(_ path: String) -> Bool {
    [embedding, outputWeight, outputBias].contains(path)
  }

  func tensor(at path: String, shape: Shape, _ initializer: Initializer) throws -> Tensor {
    if transfer.part == .embeddings, path != Self.embedding {
      return try fallback.tensor(at: path, shape: shape, initializer)
    }
    // A tied model's output weights are its embedding.
    let stored = values[path] ?? (path == Self.outputWeight ? values[Self.embedding] : nil)
    let advice = transfer.configuration.sizeFlags
    guard let stored else {
      throw TransferError.missing(
        model: transfer.name, tensor: path, wanted: shape, advice: advice)
    }
    let isOfTokens = Self.isOfTokens(path)
    let fits =
      isOfTokens
      ? stored.shape.dimensions.dropFirst() == shape.dimensions.dropFirst()
      : stored.shape == shape
    guard fits else {
      throw TransferError.shape(
        model: transfer.name, tensor: path, found: stored.shape, wanted: shape, advice: advice)
    }
    takenCount += 1
    guard isOfTokens else { return stored }
    return path == Self.outputBias
      ? biases(stored.array, shape) : table(stored.array, shape, random.stream(path))
  }

  /// Rows [V, W] from those of the trained model.
  private func table(_ stored: [Float], _ shape: Shape, _ random: RandomSource) -> Tensor {
    let width = shape[1]
    var random = random
    let spread = transfer.part == .embeddings ? 1.0 : 0.1
    let columns = (0..<width).map { column in
      Self.meanAndDeviation(units.map { Double(stored[$0 * width + column]) })
    }
    var elements: [Float] = []
    elements.reserveCapacity(shape.count)
    for row in rows {
      if let row {
        elements += stored[Int(row) * width..<(Int(row) + 1) * width]
      } else {
        elements += columns.map { mean, deviation in
          Float(mean + spread * deviation * random.nextNormal())
        }
      }
    }
    return Tensor(elements, shape: shape)
  }

  private func biases(_ stored: [Float], _ shape: Shape) -> Tensor {
    var (sum, weight) = (0.0, 0.0)
    for case (let row?, let frequency) in zip(rows, frequencies) {
      let part = exp(frequency)
      sum += part * (Double(stored[Int(row)]) - frequency)
      weight += part
    }
    let shift = sum / weight
    return Tensor(
      zip(rows, frequencies).map { row, frequency in
        row.map { stored[Int($0)] } ?? Float(frequency + shift)
      }, shape: shape)
  }

  private static func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }
}
