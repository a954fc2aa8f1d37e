import TextLM
import TextLMTestSupport
import Testing

@Suite("Cross-validation: folds of a corpus")
struct FoldTests {
  private func data(
    _ texts: [String], fold number: Int, of count: Int, documents: DocumentRule = .file,
    batch: Int = 3
  ) throws -> TrainingData {
    let rules = ReadingRules(documents: documents)
    return try TrainingData(
      texts.map { try CorpusFile(bytes: Array($0.utf8), name: "t", source: "t", rules) },
      TrainingData.Options(
        split: .fold(number: number, count: count), batchSize: batch, sequenceLength: 5,
        reading: rules,
        // Every character of the text is known in every fold.
        vocabulary: VocabularyRule(
          frozen: try TrainingData(
            [SmallTexts.file(texts.joined())],
            TrainingData.Options(split: .none, batchSize: 1, sequenceLength: 5)
          ).tokenizer.vocabulary)))
  }

  private func text(_ tokens: some Sequence<TokenID>, _ data: TrainingData) -> String {
    data.tokenizer.decode(tokens.filter { $0 != Vocabulary.boundary })
  }

  @Test(
    "Blocks are disjoint and cover the text, and what is learned from is all the rest",
    arguments: [2, 3, 5, 7, 64])
  func disjointAndCovering(count: Int) throws {
    let texts = [SmallTexts.prose(401), "Ähre", SmallTexts.noise(97)]
    let whole = texts.joined()
    var seen = ""
    for number in 1...count {
      let data = try data(texts, fold: number, of: count)
      let block = text(data.validation.targets, data)
      let before = seen
      seen += block
      let rest = text(data.streams.tokens, data)
      #expect(rest == before + whole.dropFirst(seen.count), "fold \(number)")
      #expect(abs(block.count - whole.count / count) <= 1)
      #expect(data.validationCounts.characters == block.count)
    }
    #expect(seen == whole)
  }

  @Test("Documents are kept whole, and their ends are measured", arguments: [2, 3, 5])
  func documents(count: Int) throws {
    let lines = (0..<40).map { SmallTexts.noise(3 + $0 * 7 % 11, seed: UInt64($0)) }
    var (seen, ends) = ("", 0)
    for number in 1...count {
      let data = try data(
        [lines.joined(separator: "\n")], fold: number, of: count, documents: .line)
      let targets = data.validation.targets
      // Every document's end is predicted, and every prediction is one character.
      let block = data.tokenizer.decode(targets.map { $0 }).count
      #expect(data.validation.targetCount == data.validationCounts.characters)
      let documents = targets.split(separator: Vocabulary.boundary).map { text($0, data) }
      #expect(targets.last == Vocabulary.boundary)
      #expect(documents.allSatisfy(lines.contains), "fold \(number) cuts a document")
      #expect(block > 0)
      seen += documents.joined()
      ends += documents.count
      let learned = data.streams.tokens.split(separator: Vocabulary.boundary).map {
        text($0, data)
      }
      #expect(learned.allSatisfy(lines.contains))
      #expect(learned.count + documents.count == lines.count)
    }
    #expect(seen == lines.joined())
    #expect(ends == lines.count)
  }

  @Test("The last fold is the tail of that size")
  func tail() throws {
    let text = SmallTexts.prose(500)
    let fold = try data([text], fold: 4, of: 4)
    let tail = try TrainingData(
      [SmallTexts.file(text)],
      TrainingData.Options(split: .tail(fraction: 0.25), batchSize: 3, sequenceLength: 5),
      tokenizer: fold.tokenizer)
    #expect(fold.streams == tail.streams)
    #expect(fold.validation == tail.validation)
  }

  @Test("Too little text, or too few documents, is refused")
  func refusals() throws {
    #expect(throws: CorpusError.tooFewForFolds(count: 5, characterCount: 4, documentCount: nil)) {
      try data(["abcd"], fold: 1, of: 5)
    }
    #expect(throws: CorpusError.tooFewForFolds(count: 3, characterCount: 32, documentCount: 3)) {
      try data([SmallTexts.noise(30) + "\na\nb"], fold: 1, of: 3, documents: .line)
    }
  }

  @Test("Tokens with a gap are those without the middle")
  func gap() {
    let tokens = (0..<20).map { TokenID($0) }
    let store = TokenStore(tokens)
    for middle in [0..<0, 0..<5, 7..<12, 15..<20, 0..<20] {
      let expected = Array(tokens[..<middle.lowerBound] + tokens[middle.upperBound...])
      let rest = store.removing(middle)
      #expect(Array(rest) == expected, "\(middle)")
      for lower in 0...expected.count {
        for upper in lower...expected.count {
          #expect(Array(rest.part(lower..<upper)) == Array(expected[lower..<upper]))
        }
      }
    }
    let part = store.part(4..<16).removing(3..<6)
    #expect(Array(part) == [4, 5, 6, 10, 11, 12, 13, 14, 15])
  }

  @Test("Mean and standard deviation of a sample")
  func statistics() {
    // Of 1, 2, 3, 4: mean 5/2, Σ (x − mean)² = 5, divided by 3.
    let four = MeanAndDeviation([1, 2, 3, 4])
    #expect(four.mean == 2.5)
    #expect(four.deviation == (5.0 / 3).squareRoot())
    #expect(MeanAndDeviation([7]) == MeanAndDeviation([7]))
    #expect(MeanAndDeviation([7]).deviation == nil)
  }
}
