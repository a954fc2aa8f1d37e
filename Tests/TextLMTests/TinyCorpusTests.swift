import TextLM
import Testing

@Suite("Corpus: tiny and odd ones")
struct TinyCorpusTests {
  /// Every size trains, or is refused by an error that names the text.
  @Test(
    "0 to 300 characters in batches that do not fit", arguments: [1, 2, 50], [1, 2, 50])
  func tinyCorpora(batch: Int, length: Int) throws {
    let model = try SmallModels.configuration(size: 2, embeddingSize: 2)
      .makeModel(vocabularySize: 5, from: RandomParameters(seed: 1))
    let splits: [CorpusSplit] = [.tail(fraction: 0.1), .streams(fraction: 0.1), .none]
    for size in Array(0...60) + Array(stride(from: 61, through: 300, by: 17)) + [300] {
      let file = try SmallTexts.file(SmallTexts.noise(size))
      let split = splits[size % splits.count]
      let options = TrainingData.Options(split: split, batchSize: batch, sequenceLength: length)
      do {
        let data = try TrainingData([file], options)
        #expect(data.batchSize <= batch && data.sequenceLength <= length)
        let isSmaller = data.batchSize < batch || data.sequenceLength < length
        #expect(!isSmaller || !data.notices.isEmpty, "\(size): a change that is not told")
        #expect(try step(model, data) > 0)
      } catch let error as CorpusError {
        #expect(size < 8, "\(size) characters, \(batch) x \(length): \(error)")
      }
    }
  }

  private func step<Model: LanguageModel>(_ model: Model, _ data: TrainingData) throws -> Int {
    var trainer = Trainer(
      model, data.streams, sequenceLength: data.sequenceLength, TrainerSettings(seed: 1))
    var tokens = 0
    // To the end of the epoch, where a window may be shorter, and into the next one.
    for _ in 0...min(data.stepsPerEpoch, 3) {
      tokens += try trainer.next(learningRate: 0).tokenCount
    }
    return tokens
  }

  @Test("A whole epoch predicts every token of every row once")
  func epoch() throws {
    let options = TrainingData.Options(split: .none, batchSize: 3, sequenceLength: 7)
    let data = try TrainingData([SmallTexts.file(SmallTexts.noise(100))], options)
    var targets = [[TokenID]](repeating: [], count: 3)
    for index in 0..<data.stepsPerEpoch {
      let window = data.streams.window(index * 7..<min(index * 7 + 7, data.streams.length))
      #expect(window.targets.count == window.input.tokens.count)
      for (place, target) in window.targets.enumerated() { targets[place % 3].append(target) }
    }
    #expect(targets.flatMap { $0 }.count == data.tokensPerEpoch)
    for (start, row) in zip(data.streams.starts, targets) {
      #expect(row == Array(data.streams.tokens[start + 1...start + data.streams.length]))
    }
  }

  @Test func refusals() throws {
    let options = TrainingData.Options(batchSize: 2, sequenceLength: 4)
    func error(_ texts: String...) -> CorpusError? {
      #expect(throws: CorpusError.self) {
        try TrainingData(texts.map { try SmallTexts.file($0) }, options)
      }
    }
    let names = ["corpus.txt"]
    #expect(error("") == .tooShort(names: names, characterCount: 0, smallest: 2))
    #expect(error("a") == .tooShort(names: names, characterCount: 1, smallest: 2))
    #expect(error("\u{FEFF}") == .tooShort(names: names, characterCount: 0, smallest: 2))
    #expect(error("aaaaaaaaaaaaaaaa") == .oneSymbol(names: names))
    // Two symbols, but only one where it is learned from.
    #expect(error("aaaaaaaaaaaaaaaab") == .oneSymbol(names: names))
    #expect(
      error("", "", "") == .tooShort(names: names + names + names, characterCount: 0, smallest: 2))
    let text = error("a")?.description ?? ""
    #expect(text.hasPrefix("corpus.txt: 1 characters"), "\(text)")
  }

  @Test("Odd characters are text like any other")
  func oddCharacters() throws {
    let text = String(
      repeating: "a\0\r\n\u{1B}\u{2028}\u{FEFF}\u{10FFFF}\u{D7FF}e\u{301}", count: 9)
    let options = TrainingData.Options(split: .none, batchSize: 2, sequenceLength: 4)
    let data = try TrainingData([SmallTexts.file(text)], options)
    let normalized = Normalizer.nfc.normalize(UTF8Text(text)).string
    let read = data.tokenizer.decode(data.validation.targets)
    #expect(Array(read.unicodeScalars) == Array(normalized.unicodeScalars))
  }

  @Test("Sizes near the greatest number do not overflow")
  func hugeSizes() throws {
    let options = TrainingData.Options(batchSize: .max, sequenceLength: .max)
    let data = try TrainingData([SmallTexts.file(SmallTexts.noise(300))], options)
    #expect(data.batchSize == 1 && data.sequenceLength <= 300)
  }

  @Test("A corpus is identified by the bytes as they were read")
  func identity() throws {
    let folder = try StorageTestFolder()
    try folder.write("\u{FEFF}abc\n", to: "poem.txt")
    let file = try CorpusFile(contentsOf: folder.path("poem.txt"))
    #expect(file.name == "poem.txt" && file.byteCount == 7)
    #expect(try file.text.string == "abc\n")
    // printf '\xef\xbb\xbfabc\n' | sha256sum
    #expect(file.sha256 == "9ef68ea681c2ef5c2d8033a631582afe66a6e128e656cf32c1c28c3b6962dc3f")
    #expect(throws: StorageError.missing(path: folder.path("none"))) {
      try CorpusFile(contentsOf: folder.path("none"))
    }
    #expect(throws: StorageError.notAFile(path: folder.path, kind: "a folder")) {
      try CorpusFile(contentsOf: folder.path)
    }
    #expect(throws: TextError.invalidBytes(source: "x", encoding: "UTF-8", byteOffset: 2, line: 2))
    {
      try CorpusFile(bytes: [0x61, 0x0A, 0xFF], name: "x", source: "x")
    }
  }
}
