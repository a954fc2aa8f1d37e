public import TextLMTensors

/// The keys and values of the last `context` steps of a layer of self-attention.
///
/// Rings [B, context, D]: the step at position p is at place p mod context. Keys are as they are
/// compared with queries, already turned by their positions.
public struct AttentionMemory: EncoderState {
  /// [B, context, D]
  var keys: Tensor
  /// [B, context, D]
  var values: Tensor

  /// Nothing yet.
  package init(batchSize: Int, context: Int, size: Int) {
    self.init(
      keys: Tensor(zeros: [batchSize, context, size]),
      values: Tensor(zeros: [batchSize, context, size]))
  }

  private init(keys: Tensor, values: Tensor) {
    self.keys = keys
    self.values = values
  }

  /// Keys, then values.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> AttentionMemory {
    AttentionMemory(keys: try transform(keys), values: try transform(values))
  }
}
