import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Corpus: splits")
struct CorpusSplitTests {
  private func data(
    _ texts: String..., split: CorpusSplit, batch: Int = 2, length: Int = 5,
    normalizer: Normalizer = .nfc, minimumCount: Int = 1
  ) throws -> TrainingData {
    try TrainingData(
      texts.map { try SmallTexts.file($0) },
      TrainingData.Options(
        split: split, batchSize: batch, sequenceLength: length,
        preparation: TextPreparation(normalizer),
        vocabulary: VocabularyRule(minimumCount: minimumCount)))
  }

  /// The characters that are learned from, without boundaries.
  private func trainingCount(_ data: TrainingData) -> Int {
    data.streams.tokens.count { $0 != Vocabulary.boundary }
  }

  private func text(_ tokens: some Sequence<TokenID>, _ data: TrainingData) -> String {
    data.tokenizer.decode(tokens)
  }

  @Test("The tail is the last part of all characters, whatever their bytes")
  func tail() throws {
    let text = String("Ähre ".unicodeScalars.map(Character.init)) + SmallTexts.noise(995)
    let data = try data(text, split: .tail(fraction: 0.1))
    #expect(trainingCount(data) == 900)
    #expect(data.validationCounts.characters == 100)
    #expect(data.validation.targetCount == 100)
    #expect(self.text(data.streams.tokens, data) + self.text(data.validation.targets, data) == text)
  }

  @Test("The tail of several files reaches over their borders")
  func tailOfSeveralFiles() throws {
    let texts = (SmallTexts.noise(60), SmallTexts.noise(35, seed: 2), "cab")
    let data = try data(texts.0, texts.1, "", texts.2, split: .tail(fraction: 0.25))
    // 98 characters, of which Int(98 · 0.75) = 73 are learned from.
    #expect(trainingCount(data) == 73)
    #expect(text(data.validation.targets, data) == texts.1.dropFirst(13) + "cab")
    let whole = try self.data(texts.0, texts.1, split: .none)
    let tokens = whole.streams.tokens
    let boundaries = tokens.indices.filter { tokens[$0] == Vocabulary.boundary }
    #expect(boundaries == [0, 61], "a boundary before each file")
  }

  @Test("Streams: each row has its end held out, and rows follow on each other")
  func streams() throws {
    let source = SmallTexts.prose(3017)
    let data = try data(source, split: .streams(fraction: 0.05), batch: 5, length: 10)
    // ⌊3017 / 50⌋ = 60 windows, of which ⌊60 · 0.95⌋ = 57 are learned from.
    #expect(data.streams.length == 570)
    #expect(data.stepsPerEpoch == 57)
    #expect(data.validation.targetCount == 5 * 30)
    #expect(data.validationCounts.characters == 5 * 30)
    let bytes = Array(source.utf8)
    let row = 600
    for index in 0..<5 {
      let start = data.streams.starts[index]
      let read = text(data.streams.tokens[start..<start + 570], data)
      #expect(Array(read.utf8) == Array(bytes[index * row..<index * row + 570]), "row \(index)")
      // What is to be predicted is one further on, over the border to the next row.
      let targets = text(data.validation.targets[index * 30..<(index + 1) * 30], data)
      let expected = (0..<30).map { bytes[(index * row + 571 + $0) % (5 * row)] }
      #expect(Array(targets.utf8) == expected, "row \(index)")
    }
  }

  @Test("Too few windows for streams: the tail is held out, and that is said")
  func tooFewWindows() throws {
    let data = try data(SmallTexts.noise(19), split: .streams(fraction: 0.05), batch: 2, length: 10)
    #expect(data.validation.targetCount == 1)
    #expect(data.notices.contains { $0.contains("tail") })
  }

  @Test("Held-out characters that are spelled in bytes are all measured")
  func streamsSpelledInBytes() throws {
    var text = Array(SmallTexts.noise(400).unicodeScalars)
    for index in stride(from: 7, to: 400, by: 31) { text[index] = "é" }
    text[95] = "水"  // in the held-out end of the first row only
    let data = try data(
      String(String.UnicodeScalarView(text)), split: .streams(fraction: 0.1), batch: 4, length: 10,
      minimumCount: 40)
    #expect(data.tokenizer.vocabulary.hasByteFallback)
    let measured = data.validationCounts
    #expect(measured.characters == 4 * 10)
    #expect(data.validation.targetCount == measured.bytes)
    let read = self.text(data.validation.targets, data)
    #expect(read.unicodeScalars.contains("水"))
  }

  @Test("Nothing held out: results are those on the training text, and that is said")
  func noSplit() throws {
    let data = try data(SmallTexts.noise(100), split: .none)
    #expect(trainingCount(data) == 100)
    #expect(data.validation.targetCount == 100)
    #expect(data.notices.contains { $0.contains("nothing is held out") })
  }

  @Test("A text of its own to validate on")
  func validationFile() throws {
    let validation = try SmallTexts.file("abz\n")
    let data = try data(SmallTexts.noise(100), split: .files([validation]))
    #expect(trainingCount(data) == 100)
    #expect(data.validation.targetCount == 4)
    #expect(data.validationCounts == TextCounts(characters: 4, bytes: 4, words: 1, unknown: 2))
    #expect(throws: CorpusError.nothingToValidateOn(split: "files")) {
      try self.data(SmallTexts.noise(100), split: .files([SmallTexts.file("")]))
    }
  }

  @Test("The vocabulary is that of the training part")
  func vocabulary() throws {
    let data = try data(SmallTexts.noise(90) + "zzzzzzzzzz", split: .tail(fraction: 0.1))
    #expect(data.tokenizer.vocabulary.unitCount == 3)
    #expect(data.tokenizer.vocabulary.token(of: UTF8Text("z")) == nil)
    #expect(data.validationCounts.unknown == 10)
    #expect(data.tokenizer.vocabulary.counts.reduce(0, +) == 90)
  }

  @Test("Sizes are those of the text before normalization")
  func normalization() throws {
    // 200 characters, which NFC makes 100 of.
    let text = String(repeating: "e\u{301}a\u{308}", count: 50)
    let data = try data(text, split: .tail(fraction: 0.1))
    #expect(data.validationCounts.characters == 20)
    #expect(data.validation.targetCount == 10)
    #expect(trainingCount(data) == 90)
  }

  @Test("A part that is no part", arguments: [-0.1, 1.1, .nan, .infinity])
  func impossibleFraction(fraction: Double) throws {
    for split in [CorpusSplit.tail(fraction: fraction), .streams(fraction: fraction)] {
      #expect(throws: CorpusError.fraction("\(fraction)")) {
        try data(SmallTexts.noise(100), split: split)
      }
    }
  }

  @Test("Everything held out leaves nothing to learn from")
  func everythingHeldOut() throws {
    #expect(throws: CorpusError.nothingToTrainOn(characterCount: 100, split: "tail 1.0")) {
      try data(SmallTexts.noise(100), split: .tail(fraction: 1))
    }
  }

  private static let shakespeare = "data/tinyshakespeare.txt"

  @Test(
    "tinyshakespeare's known splits",
    .enabled(if: SharedData.has(shakespeare), "needs ../shared"))
  func tinyshakespeare() throws {
    let file = try CorpusFile(contentsOf: SharedData.url(Self.shakespeare).path)
    #expect(file.characterCount == 1_115_394)
    let tail = try TrainingData(
      [file], TrainingData.Options(batchSize: 50, sequenceLength: 50))
    #expect(trainingCount(tail) == 1_003_854)
    #expect(tail.validationCounts.characters == 111_540)
    #expect(tail.validation.targetCount == 111_540)
    // char-rnn with its own settings: 423 batches to learn from and 23 held out.
    let streams = try TrainingData(
      [file],
      TrainingData.Options(split: .streams(fraction: 0.05), batchSize: 50, sequenceLength: 50))
    #expect(streams.stepsPerEpoch == 423)
    #expect(streams.tokensPerEpoch == 423 * 2500)
    #expect(streams.validation.targetCount == 23 * 2500)
  }
}
