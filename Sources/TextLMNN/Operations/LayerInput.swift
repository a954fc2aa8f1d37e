import TextLMTensors

/// The input's part of a recurrent layer's pre-activations, and how its gradient goes back to the
/// tensor that it came from.
struct LayerInput {
  let values: RecurrentInput
  /// Of the projected input, or of the projected table.
  let id: Tensor.ID
  /// Turns the gradient of the pre-activations [T, B, G] into that of the tensor called `id`.
  let gradient: (Tensor) -> Tensor

  /// W_ih x + b at every place, [T, B, G].
  init(projected: consuming Tensor) {
    id = projected.id
    values = .projected(projected)
    gradient = { $0 }
  }

  /// Rows of the projected table [V, G].
  init(tokens: TokenBatch, table: Tensor) {
    id = table.id
    values = .gathered(tokens: tokens.tokens, batchSize: tokens.batchSize, table: table)
    let rowCount = table.shape[0]
    gradient = { $0.scatteringRows(tokens.tokens, rowCount: rowCount) }
  }
}

extension ForwardPass {
  /// Whether a layer that maps each input to `gateCount` numbers should map a whole table of
  /// `rowCount` rows instead.
  ///
  /// In training that is done anew each step, so it must save rows. In inference the result serves
  /// the whole pass, so it only must not be huge: 16 million numbers are 64 MiB.
  func projectsTable(ofRows rowCount: Int, gateCount: Int, for tokens: TokenBatch) -> Bool {
    switch mode {
    case .training: rowCount <= tokens.tokens.count
    case .inference: rowCount * gateCount <= 1 << 24
    }
  }
}
