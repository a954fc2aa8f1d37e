import TextLMNN
import TextLMTensors
import Testing

/// Documents of eight sentences of six words. One sentence has a mark in it and one of four keywords,
/// which is the document's class; all others have keywords too, which mean nothing.
private struct MarkedDocuments {
  static let sentenceCount = 8
  static let wordCount = 6
  static let classCount = 4
  static let vocabularySize = 24
  /// Time-major, [wordCount, documents · sentenceCount].
  var words: [Int32] = []
  var classes: [Int32] = []
  /// Which sentence has the mark.
  var marked: [Int] = []

  init(_ count: Int, random: inout RandomSource) {
    var sentences: [[Int32]] = []
    for _ in 0..<count {
      let place = random.nextInt(below: Self.sentenceCount)
      marked.append(place)
      for sentence in 0..<Self.sentenceCount {
        var text = (0..<Self.wordCount).map { _ in
          Int32(1 + Self.classCount + random.nextInt(below: Self.vocabularySize - 5))
        }
        let places = random.shuffled(0..<Self.wordCount)
        let keyword = random.nextInt(below: Self.classCount)
        text[places[0]] = Int32(1 + keyword)
        if sentence == place {
          text[places[1]] = 0
          classes.append(Int32(keyword))
        }
        sentences.append(text)
      }
    }
    words = (0..<Self.wordCount).flatMap { step in sentences.map { $0[step] } }
  }
}

@Suite("Hierarchical attention: proof")
struct HierarchicalAttentionTests {
  private struct Classifier {
    let embedding: Embedding
    let network: HierarchicalAttention<Bidirectional<LSTM>, Bidirectional<LSTM>>
    let head: Linear
    let parameters: [Parameter]

    init() throws {
      let root = ParameterScope(RandomParameters(seed: 2))
      func both(_ inputSize: Int, _ scope: ParameterScope) throws -> Bidirectional<LSTM> {
        try Bidirectional(
          forward: LSTM(inputSize: inputSize, hiddenSize: 12, in: scope["ahead"]),
          backward: LSTM(inputSize: inputSize, hiddenSize: 12, in: scope["back"]))
      }
      embedding = try Embedding(
        vocabularySize: MarkedDocuments.vocabularySize, embeddingSize: 12, in: root["embedding"])
      network = try HierarchicalAttention(
        lower: both(12, root["words"]), upper: both(24, root["sentences"]), attentionSize: 16,
        in: root)
      head = try Linear(
        inputSize: network.outputSize, outputSize: MarkedDocuments.classCount, in: root["head"])
      parameters = root.parameters
    }

    func callAsFunction(
      _ documents: MarkedDocuments, _ pass: ForwardPass
    ) -> (logits: Tensor, sentenceWeights: Tensor) {
      let count = documents.classes.count * MarkedDocuments.sentenceCount
      let input = embedding(
        TokenBatch(documents.words, timeLength: MarkedDocuments.wordCount, batchSize: count), pass)
      let output = network(
        input, lengths: [Int](repeating: MarkedDocuments.wordCount, count: count),
        sentenceCounts: [Int](
          repeating: MarkedDocuments.sentenceCount, count: documents.classes.count), pass)
      return (head(output.documents, pass), output.sentenceWeights)
    }
  }

  @Test("The class is found, and attention goes to the sentence that decides it")
  func keywords() throws {
    let model = try Classifier()
    var random = RandomSource(seed: 9)
    var optimizer = Adam()
    for step in 0..<600 {
      let batch = MarkedDocuments(16, random: &random)
      let (_, gradients) = valueWithGradients(random: random) { pass in
        pass.softmaxCrossEntropy(model(batch, pass).logits, targets: batch.classes)
      }
      var change = OptimizationStep(learningRate: step < 450 ? 0.01 : 0.002)
      change.gradientScale = GradientClip(maximumNorm: 1).scale(norm: gradients.globalNorm)
      optimizer.update(model.parameters, gradients, change)
    }
    let test = MarkedDocuments(400, random: &random)
    let (logits, weights) = model(test, .inference())
    func greatest(_ values: [Float]) -> Int? { values.indices.max { values[$0] < values[$1] } }
    let (scores, attention) = (logits.array, weights.array)
    let right = (0..<400).count { document in
      greatest(Array(scores[document * 4..<document * 4 + 4])) == Int(test.classes[document])
    }
    let hits = (0..<400).count { document in
      greatest((0..<8).map { attention[$0 * 400 + document] }) == test.marked[document]
    }
    #expect(right >= 392 && hits >= 380, "\(right) right and \(hits) found of 400")
  }
}
