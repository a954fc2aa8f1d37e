import CTextLMKernels

/// The input's part of a recurrent layer's pre-activations, [T, B, G]: as numbers, or as rows of a
/// table [V, G] that tokens name.
package enum RecurrentInput {
  /// [T, B, G].
  case projected(Tensor)
  /// T · B time-major tokens of `batchSize` rows.
  case gathered(tokens: [Int32], batchSize: Int, table: Tensor)

  /// The shape [T, B, G], after checks that there are steps and rows and that tokens are rows.
  func shape(_ layer: String) -> Shape {
    let shape: Shape
    switch self {
    case .projected(let tensor):
      shape = tensor.shape
    case .gathered(let tokens, let batchSize, let table):
      table.requireRows(tokens, layer)
      require(
        tokens.count.isMultiple(of: batchSize),
        "\(layer): \(tokens.count) tokens for \(batchSize) rows")
      shape = [tokens.count / batchSize, batchSize, table.shape[1]]
    }
    require(
      shape.rank == 3 && shape[0] > 0, "\(layer): an input \(shape) is no sequence of steps")
    return shape
  }

  /// The tensor to write over: the projected input, or a new one of that shape.
  consuming func workspace(_ shape: Shape) -> Tensor {
    switch consume self {
    case .projected(let tensor): tensor
    case .gathered: Tensor(shape: shape) { _ in }
    }
  }

  /// The tokens and the table's address, which holds as long as the table lives.
  var source: (tokens: [Int32]?, table: Tensor?) {
    switch self {
    case .projected: (nil, nil)
    case .gathered(let tokens, _, let table): (tokens, table)
    }
  }
}
