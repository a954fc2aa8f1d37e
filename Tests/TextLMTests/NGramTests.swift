import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("N-gram models")
struct NGramTests {
  /// p(· | tokens so far) after each token, one row of V each, from one reading in parts of
  /// `partLength` tokens.
  private func probabilities(
    _ model: NGramModel, _ tokens: [TokenID], partLength: Int = .max
  ) -> [[Double]] {
    var state = model.initialState(batchSize: 1)
    var values: [Double] = []
    var rest = tokens[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(partLength))
      rest = rest.dropFirst(part.count)
      let batch = TokenBatch(part, timeLength: part.count, batchSize: 1)
      values += model(batch, state: &state, .inference()).array.map { exp(Double($0)) }
    }
    let width = model.vocabularySize
    return tokens.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// Three documents of few letters, the second of which is empty.
  private static let tokens: [TokenID] = {
    var random = RandomSource(seed: 5)
    var tokens: [TokenID] = [0]
    for index in 0..<400 {
      // Letters depend on the one before, so that n-grams of all counts come about.
      let before = Int(tokens[tokens.count - 1])
      tokens.append(TokenID(2 + (before + random.nextInt(below: 1 + random.nextInt(below: 4))) % 5))
      if index == 150 { tokens += [0, 0] }
    }
    return tokens
  }()

  /// The boundary, `<unk>`, a and b; the text is "abaab", of pairs.
  ///
  /// Pairs ^a 1, ab 2, ba 1 and aa 1: n₁ = 3, n₂ = 1, Y = 3/5, D₁ = 1 − 2 · 3/5 · 1/3 = 3/5, and
  /// D₂ = 2, for there are no pairs that come three times. Before a are ^, b and a, before b is a:
  /// counts of 3 and 1, of which n₁ = 1, Y = 1, D₁ = 1 and, for want of four, D₃ = 3; so all of it is
  /// spread equally, 1/4 each. Behind a: (2 + 3/5) / 3 = 13/15 of it; a itself (1 − 3/5) / 3 more.
  @Test("Pairs of a short text, by hand")
  func pairs() throws {
    let model = try NGramModel([0, 2, 3, 2, 2, 3], vocabularySize: 4, order: 2)
    #expect(model.ngramCounts == [4, 4])
    let rows = probabilities(model, [2, 3, 1])
    let rest = 13.0 / 15 / 4
    for (found, expected) in zip(rows[0], [rest, rest, 2.0 / 15 + rest, rest]) {
      expectClose(found, expected, tolerance: 1e-6, "behind a")
    }
    // Behind b: one pair, of which 3/5 are taken.
    for (found, expected) in zip(rows[1], [0.15, 0.15, 0.55, 0.15]) {
      expectClose(found, expected, tolerance: 1e-6, "behind b")
    }
    for found in rows[2] { expectClose(found, 0.25, tolerance: 1e-6, "behind what never came") }
  }

  @Test("All probabilities are those of the definition", arguments: [2, 3, 4, 6])
  func definition(order: Int) throws {
    let model = try NGramModel(Self.tokens, vocabularySize: 7, order: order)
    let reference = NGramReference(Self.tokens, vocabularySize: 7, order: order)
    let text = Array(Self.tokens[..<60]) + [1, 4, 4, 4, 4, 0, 3, 2, 6, 5, 2]
    for (index, row) in probabilities(model, text).enumerated() {
      expectClose(row.reduce(0, +), 1, tolerance: 1e-5, "sum after token \(index)")
      let begin = text[...index].lastIndex(of: 0) ?? 0
      let context = Array(text[max(begin, index - order + 2)...index])
      for (token, found) in row.enumerated() {
        let expected = reference.probability(of: TokenID(token), behind: context)
        expectClose(found, expected, tolerance: 1e-5, "\(token) behind \(context)")
      }
    }
  }

  @Test("Reading in parts is reading at once", arguments: [1, 2, 7])
  func parts(length: Int) throws {
    let model = try NGramModel(Self.tokens, vocabularySize: 7, order: 5)
    let text = Array(Self.tokens[..<40])
    #expect(probabilities(model, text, partLength: length) == probabilities(model, text))
  }

  @Test(
    "What comes before a document makes no difference, and longer contexts than N − 1 make none")
  func forgetting() throws {
    let model = try NGramModel(Self.tokens, vocabularySize: 7, order: 4)
    let (one, other) = ([0, 2, 3, 4, 0, 5, 6], [0, 6, 6, 5, 2, 0, 5, 6] as [TokenID])
    #expect(
      probabilities(model, one.map { TokenID($0) }).suffix(3)
        == probabilities(model, other).suffix(3))
    #expect(
      probabilities(model, [2, 3, 4, 5]).last == probabilities(model, [6, 6, 6, 3, 4, 5]).last)
  }

  private func training(
    order: Int = 4, split: CorpusSplit = .tail(fraction: 0.1),
    direction: ReadingDirection = .forward
  ) throws -> NGramTraining {
    NGramTraining(
      try NGramConfiguration(order: order, direction: direction),
      TrainingData.Options(split: split, batchSize: 1, sequenceLength: 1))
  }

  @Test(
    "A training leaves a model that measures as the training said, and writes",
    arguments: [ReadingDirection.forward, .backward])
  func trained(direction: ReadingDirection) throws {
    let folder = try StorageTestFolder()
    let text = SmallTexts.prose(3000)
    let corpus = [try SmallTexts.file(text)]
    let training = try training(direction: direction)
    let result = try training.train(corpus: corpus, path: folder.path("a"))
    let model = try TextModel(contentsOf: folder.path("a"))
    #expect(model.configuration.architectureName == "ngram")
    #expect(model.configuration.direction == direction)
    #expect(model.parameterCount == result.model.numberCount)
    let held = try model.score(String(text.suffix(300)))
    expectClose(held.nats, result.validation.nats, tolerance: 1e-3, "nats of what was held out")
    #expect(held.natsPerToken < 2, "27 letters at random are 3.3 nats")
    let written = model.generate(from: "the ", seed: 1).prefix(200).joined()
    #expect(written.unicodeScalars.count > 100)
    // The same text gives the same file.
    _ = try self.training(direction: direction).train(corpus: corpus, path: folder.path("b"))
    let files = try ["a", "b"].map {
      try Data(contentsOf: URL(filePath: folder.path($0) + "/model.safetensors"))
    }
    #expect(files[0] == files[1])
    #expect(throws: TrainingError.runExists(path: folder.path("a"))) {
      try training.train(corpus: corpus, path: folder.path("a"))
    }
    _ = try training.train(corpus: corpus, path: folder.path("a"), overwrites: true)
  }

  @Test("Neither cache nor weights can adapt, and nothing can be taken over")
  func refusals() throws {
    let folder = try StorageTestFolder()
    _ = try training().train(corpus: SmallRuns.corpus(), path: folder.path("a"))
    let model = try TextModel(contentsOf: folder.path("a"))
    var adaptation = Adaptation()
    adaptation.cache = try NeuralCache()
    #expect(throws: ScoringError.notAdaptable) {
      try model.score([UTF8Text("the sea")], adapting: adaptation)
    }
    #expect(throws: TransferError.noNetwork(model: "a")) {
      try Transfer(.model, of: model, name: "a")
    }
    #expect(throws: NGramError.order(1)) { try NGramConfiguration(order: 1) }
    #expect(throws: ArchitectureError.notTrainedInSteps(name: "ngram")) {
      try ArchitectureRegistry.builtIn.architecture(named: "ngram")
    }
  }

  @Test(
    "Numbers that are none of a model are refused, though their checksums are right",
    arguments: [
      ("level.1.children", "children"), ("level.2.tokens", "tokens"),
      ("level.3.probabilities", "probabilities"), ("level.2.backoffs", "backoffs"),
    ])
  func damage(name: String, message: String) throws {
    let folder = try StorageTestFolder()
    _ = try training().train(corpus: SmallRuns.corpus(), path: folder.path("a"))
    let path = folder.path("a") + "/model.safetensors"
    let file = try SafetensorsFile(contentsOf: path, checksums: .required)
    let entries = try file.tensors.map { info -> SafetensorsEntry in
      guard info.dtype == .int32 else {
        var floats = try file.floats(info.name)
        if info.name == name { floats[floats.count / 2] = .nan }
        return SafetensorsEntry(name: info.name, shape: info.shape, floats: floats)
      }
      var numbers = try file.int32s(info.name)
      if info.name == name { numbers[numbers.count - 1] = 1 << 30 }
      return SafetensorsEntry(name: info.name, shape: info.shape, int32s: numbers)
    }
    let metadata = file.metadata.filter { !$0.key.hasSuffix("checksum") }
    try SafetensorsWriter(entries, metadata: metadata).write(to: path)
    let error = #expect(throws: ModelError.self) { try TextModel(contentsOf: path) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    // And one tensor less or more.
    try SafetensorsWriter(entries.filter { $0.name != name }, metadata: metadata).write(to: path)
    #expect(throws: ModelError.self) { try TextModel(contentsOf: path) }
  }

  @Test(
    "Eight characters predict tinyshakespeare within 1.525 nats, as a plain script does",
    .enabled(if: SharedData.has("data/tinyshakespeare.txt"), "needs ../shared"))
  func tinyshakespeare() throws {
    let folder = try StorageTestFolder()
    let file = try CorpusFile(contentsOf: SharedData.url("data/tinyshakespeare.txt").path)
    let result = try training(order: 8).train(corpus: [file], path: folder.path("a"))
    #expect(result.validation.natsPerToken <= 1.525)
  }
}

/// Interpolated modified Kneser-Ney smoothing as it is written down, in dictionaries.
private struct NGramReference {
  private let order: Int
  private let vocabularySize: Int
  private var counts: [[[TokenID]: Int]]
  private var discounts: [[Double]] = []

  init(_ tokens: [TokenID], vocabularySize: Int, order: Int) {
    self.order = order
    self.vocabularySize = vocabularySize
    var seen = [[[TokenID]: Int]](repeating: [:], count: order + 1)
    for begin in tokens.indices {
      for length in 1...order where begin + length <= tokens.count {
        let ngram = Array(tokens[begin..<begin + length])
        if ngram.dropFirst().dropLast().contains(0) { break }
        seen[length][ngram, default: 0] += 1
      }
    }
    counts = seen
    for length in 1..<order {
      var behind: [[TokenID]: Int] = [:]
      for ngram in seen[length + 1].keys { behind[Array(ngram.dropFirst()), default: 0] += 1 }
      if length > 1 {
        for (ngram, count) in seen[length] where ngram[0] == 0 { behind[ngram] = count }
      }
      counts[length] = behind
    }
    discounts = counts.map { counts in
      func n(_ count: Int) -> Double { Double(counts.values.count(where: { $0 == count })) }
      let y = n(1) > 0 ? n(1) / (n(1) + 2 * n(2)) : 0
      return (1...3).map { i in
        guard n(i) > 0, y > 0 else { return 0.75 * Double(i) }
        let value = Double(i) - Double(i + 1) * y * n(i + 1) / n(i)
        return min(max(value, Double(i) / 20), Double(i))
      }
    }
  }

  func probability(of token: TokenID, behind context: [TokenID]) -> Double {
    let length = context.count + 1
    let shorter =
      context.isEmpty
      ? 1 / Double(vocabularySize)
      : probability(of: token, behind: Array(context.dropFirst()))
    let following = counts[length].filter { Array($0.key.dropLast()) == context }
    let total = Double(following.values.reduce(0, +))
    guard total > 0 else { return shorter }
    func discount(_ count: Int) -> Double { discounts[length][min(count, 3) - 1] }
    let taken = following.values.reduce(0.0) { $0 + discount($1) }
    let own = following[context + [token]].map { Double($0) - discount($0) } ?? 0
    return own / total + taken / total * shorter
  }
}
