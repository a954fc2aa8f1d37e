public import TextLMTensors

/// Blocks of one width on each other, whose last output is normalized; a linear map comes before
/// them where the input has another width.
///
/// Parameters: `input.weight` [width, D] where there is the map, the blocks' own under `layers`, from
/// 0 on, and `norm.weight` [width].
public struct ResidualStack<Block: CausalEncoder>: CausalEncoder {
  /// Of the last normalization: small, so that an untrained model's logits, which its outputs are
  /// multiplied to, hardly differ.
  private static var firstGain: Float { 0.25 }
  /// Width of the inputs.
  public let inputSize: Int
  /// Width of the blocks and of the outputs.
  public let outputSize: Int
  private let projection: Linear?
  private let blocks: Stacked<Block>
  private let norm: RMSNorm

  /// A stack of `layerCount` blocks of `width`, made by `makeBlock` in the scope that it is given.
  ///
  /// Requires at least one block, and that input and output of each have that width.
  public init(
    layerCount: Int, inputSize: Int, width: Int, in scope: ParameterScope,
    _ makeBlock: (_ index: Int, _ scope: ParameterScope) throws -> Block
  ) throws {
    self.inputSize = inputSize
    outputSize = width
    projection =
      inputSize == width
      ? nil
      : try Linear(inputSize: inputSize, outputSize: width, hasBias: false, in: scope["input"])
    blocks = try Stacked(layerCount: layerCount, inputSize: width) { index, _ in
      try makeBlock(index, scope["layers"][index])
    }
    require(
      blocks.cells.allSatisfy { $0.inputSize == width && $0.outputSize == width },
      "residual stack: not all blocks are \(width) wide")
    norm = try RMSNorm(size: width, gain: Self.firstGain, in: scope["norm"])
  }

  /// The number of parameters beside the blocks'.
  public static func parameterCount(inputSize: Int, width: Int) -> Int {
    (inputSize == width ? 0 : inputSize * width) + width
  }

  /// The blocks' initial states.
  public func initialState(batchSize: Int) -> StackedState<Block.State> {
    blocks.initialState(batchSize: batchSize)
  }

  /// Runs each block over all T steps, from bottom to top.
  public func callAsFunction(
    _ input: Tensor, restarts: Restarts, state: inout StackedState<Block.State>,
    _ pass: ForwardPass
  ) -> Tensor {
    let projected = projection.map { $0(input, pass) } ?? input  // [T, B, width]
    return norm(blocks(projected, restarts: restarts, state: &state, pass), pass)
  }

  /// The same for sequences that go on.
  public func callAsFunction(
    _ input: Tensor, state: inout StackedState<Block.State>, _ pass: ForwardPass
  ) -> Tensor {
    self(input, restarts: .none, state: &state, pass)
  }
}
