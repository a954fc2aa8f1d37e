import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// A small language model put together from the parts: does it learn, and does it do so repeatably?
@Suite("Training, from embedding to optimizer", .serialized)
struct TrainingTests {
  private struct Model {
    let vocabularySize = 11
    let parameters: [Parameter]
    let embedding: Embedding
    let encoder: Stacked<LSTM>
    let head: Linear

    init(seed: UInt64) throws {
      let scope = ParameterScope(RandomParameters(seed: seed))
      embedding = try Embedding(
        vocabularySize: vocabularySize, embeddingSize: 8, in: scope["embedding"])
      encoder = try Stacked(layerCount: 2, inputSize: 8, dropoutRate: 0.05) { index, inputSize in
        try LSTM(inputSize: inputSize, hiddenSize: 48, suffix: "l\(index)", in: scope["rnn"])
      }
      head = try Linear(inputSize: 48, outputSize: vocabularySize, in: scope["head"])
      parameters = scope.parameters
    }

    func loss(_ inputs: TokenBatch, _ targets: [Int32], _ pass: ForwardPass) -> Tensor {
      var state = encoder.initialState(batchSize: inputs.batchSize)
      let hidden = encoder(
        tokens: inputs, table: pass.value(of: embedding.weight), state: &state, pass)
      return pass.softmaxCrossEntropy(head(hidden, pass), targets: targets)
    }
  }

  /// 64 patternless tokens and what follows each.
  private let text: [Int32] = {
    var random = RandomSource(seed: 12)
    return (0...64).map { _ in Int32(random.nextInt(below: 11)) }
  }()

  /// Losses of so many steps, and the parameters after them.
  private func train(
    stepCount: Int, precision: ComputePrecision = .float32
  ) throws -> (losses: [Float], parameters: [[Float]], model: Model) {
    let model = try Model(seed: 1)
    let random = RandomSource(seed: 2)
    let inputs = TokenBatch(Array(text.dropLast()), timeLength: 64, batchSize: 1)
    let clip = GradientClip(maximumNorm: 1)
    let schedule = Schedule.cosine(
      peak: 0.02, warmupSteps: 5, totalSteps: stepCount, floor: 0.001)
    var optimizer = Adam()
    let losses = (0..<stepCount).map { step in
      let (loss, gradients) = valueWithGradients(
        random: random.stream("step \(step)"), precision: precision
      ) { model.loss(inputs, Array(text.dropFirst()), $0) }
      optimizer.update(
        model.parameters, gradients,
        OptimizationStep(
          learningRate: schedule(step), gradientScale: clip.scale(norm: gradients.globalNorm)))
      return loss
    }
    return (losses, model.parameters.map(\.value.array), model)
  }

  @Test("64 tokens are learned by heart", arguments: ComputePrecision.allCases)
  func overfitting(precision: ComputePrecision) throws {
    let (losses, _, model) = try train(stepCount: 200, precision: precision)
    // Untrained, all 11 tokens are about equally likely.
    expectClose(Double(losses[0]), 2.3979, tolerance: 0.15, "first loss against ln 11")
    let inputs = TokenBatch(Array(text.dropLast()), timeLength: 64, batchSize: 1)
    let final = model.loss(inputs, Array(text.dropFirst()), .inference()).item
    #expect(final < 0.02)
  }

  @Test("Two runs give the same bits, whatever the number of threads")
  func determinism() throws {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(1)
    let first = try train(stepCount: 5)
    let again = try train(stepCount: 5)
    Engine.setThreadCount(2)
    let threaded = try train(stepCount: 5)
    let areEqual = (
      first.losses == again.losses && first.parameters == again.parameters,
      first.losses == threaded.losses && first.parameters == threaded.parameters
    )
    #expect(areEqual.0, "two runs on one thread")
    #expect(areEqual.1, "one thread and two")
  }
}
