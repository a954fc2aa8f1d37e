public import TextLMTensors

/// What stacked convolutions remember: the steps that each one still needs.
public struct ConvolutionState: EncoderState {
  var position: StreamPosition
  /// The ring of each convolution, [B, (k − 1) · dilation, C], in the order in which they run.
  var rings: [Tensor]

  init(batchSize: Int, convolutions: [CausalConvolution]) {
    self.init(
      position: StreamPosition(batchSize: batchSize),
      rings: convolutions.map { $0.initialRing(batchSize: batchSize) })
  }

  private init(position: StreamPosition, rings: [Tensor]) {
    self.position = position
    self.rings = rings
  }

  /// The position, then the rings.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> ConvolutionState {
    ConvolutionState(
      position: StreamPosition(tensor: try transform(position.tensor)),
      rings: try rings.map(transform))
  }
}
