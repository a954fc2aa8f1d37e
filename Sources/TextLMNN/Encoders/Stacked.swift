public import TextLMTensors

/// Causal encoders on top of each other, with dropout between them but not after the last.
public struct Stacked<Cell: CausalEncoder>: CausalEncoder {
  /// From the one that reads the input to the one whose output is the stack's.
  public let cells: [Cell]
  private let dropout: Dropout

  /// A stack of `layerCount` cells made by `makeCell` from the cell's place, 0 at the bottom, and
  /// its input's width.
  ///
  /// ```swift
  /// try Stacked(layerCount: 2, inputSize: 64, dropoutRate: 0.2) { index, inputSize in
  ///   try LSTM(inputSize: inputSize, hiddenSize: 256, suffix: "l\(index)", in: scope["rnn"])
  /// }
  /// ```
  ///
  /// Requires at least one layer and a dropout rate in 0 ..< 1.
  public init(
    layerCount: Int, inputSize: Int, dropoutRate: Float = 0,
    _ makeCell: (_ index: Int, _ inputSize: Int) throws -> Cell
  ) throws {
    require(layerCount >= 1, "stack: \(layerCount) layers are too few")
    var cells: [Cell] = []
    for index in 0..<layerCount {
      cells.append(try makeCell(index, cells.last?.outputSize ?? inputSize))
    }
    self.cells = cells
    dropout = Dropout(rate: dropoutRate)
  }

  /// The bottom cell's.
  public var inputSize: Int { cells[0].inputSize }
  /// The top cell's.
  public var outputSize: Int { cells[cells.count - 1].outputSize }

  /// The initial states of all cells.
  public func initialState(batchSize: Int) -> StackedState<Cell.State> {
    StackedState(layers: cells.map { $0.initialState(batchSize: batchSize) })
  }

  /// Runs each cell over all T steps, from bottom to top.
  public func callAsFunction(
    _ input: Tensor, state: inout StackedState<Cell.State>, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }

  /// The same for sequences that begin anew in between.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout StackedState<Cell.State>,
    _ pass: ForwardPass
  ) -> Tensor {
    let bottom = cells[0](input, restarts: restarts, state: &state.layers[0], pass)
    return upperLayers(bottom, restarts, state: &state, pass)
  }

  /// The same, with the bottom cell reading tokens in its own way.
  public func callAsFunction(
    tokens: TokenBatch, table: Tensor, state: inout StackedState<Cell.State>, _ pass: ForwardPass
  ) -> Tensor {
    let bottom = cells[0](tokens: tokens, table: table, state: &state.layers[0], pass)
    return upperLayers(bottom, tokens.restarts, state: &state, pass)
  }

  private func upperLayers(
    _ bottomOutput: Tensor, _ restarts: Restarts, state: inout StackedState<Cell.State>,
    _ pass: ForwardPass
  ) -> Tensor {
    var output = bottomOutput
    for index in cells.indices.dropFirst() {
      output = cells[index](
        dropout(output, pass), restarts: restarts, state: &state.layers[index], pass)
    }
    return output
  }
}

/// The states of a stack's cells.
public struct StackedState<LayerState: EncoderState>: EncoderState {
  /// From bottom to top.
  public var layers: [LayerState]

  /// Maps the layers from bottom to top.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> StackedState {
    try StackedState(layers: layers.map { try $0.mapTensors(transform) })
  }
}
