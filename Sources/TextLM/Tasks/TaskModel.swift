/// A model of a task: an encoder between what the task gives to read and what it wants to hear.
///
/// Vectors go straight into the encoder, symbols through an embedding; y = W h + b are the logits or
/// the number. Every sequence begins from the encoder's initial state. Parameters: `embedding.weight`
/// for symbols, the encoder's under `rnn`, `head.weight` and `head.bias`.
struct TaskModel<Encoder: SequenceEncoder>: Sendable {
  /// All that training changes.
  let parameters: [Parameter]
  /// What reads.
  let encoder: Encoder
  private let embedding: Embedding?
  private let head: Linear

  init(
    _ task: any SyntheticTask, embeddingSize: Int, from source: any ParameterSource,
    _ makeEncoder: (_ inputSize: Int, ParameterScope) throws -> Encoder
  ) throws {
    let root = ParameterScope(source)
    switch task.input {
    case .vectors(let width):
      embedding = nil
      encoder = try makeEncoder(width, root["rnn"])
    case .symbols(let count):
      embedding = try Embedding(
        vocabularySize: count, embeddingSize: embeddingSize, in: root["embedding"])
      encoder = try makeEncoder(embeddingSize, root["rnn"])
    }
    head = try Linear(
      inputSize: encoder.outputSize, outputSize: task.output.width, in: root["head"])
    parameters = root.parameters
  }

  /// The encoder's input for a batch, [T, B, D].
  func input(_ batch: TaskBatch, _ pass: ForwardPass) -> Tensor {
    switch batch.input {
    case .vectors(let values, let width):
      return Tensor(values, shape: [batch.timeLength, batch.batchSize, width])
    case .symbols(let symbols):
      guard let embedding else { preconditionFailure("task model: symbols without an embedding") }
      return embedding(
        TokenBatch(symbols, timeLength: batch.timeLength, batchSize: batch.batchSize), pass)
    }
  }

  /// Logits or numbers for a batch, [T, B, W].
  func callAsFunction(_ batch: TaskBatch, _ pass: ForwardPass) -> Tensor {
    let lengths = [Int](repeating: batch.timeLength, count: batch.batchSize)
    let hidden = encoder.encode(input(batch, pass), lengths: lengths, pass)  // [T, B, H]
    return head(pass.dropout(hidden, rate: pass.regularization.outputDropout), pass)
  }
}

extension ForwardPass {
  /// What training makes small: nats a bit or a symbol, or the mean squared error.
  func loss(_ output: Tensor, _ batch: TaskBatch, _ kind: TaskOutput) -> Tensor {
    switch batch.targets {
    case .symbols(let targets): return softmaxCrossEntropy(output, targets: targets)
    case .numbers(let values, _):
      let targets = Tensor(values, shape: output.shape)
      return kind == .number
        ? meanSquaredError(output, targets: targets, isCounted: batch.isAsked)
        : binaryCrossEntropy(output, targets: targets, isCounted: batch.isAsked)
    }
  }
}
