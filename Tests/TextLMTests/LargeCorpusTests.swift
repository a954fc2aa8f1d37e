import Foundation
import TextLM
import Testing

@Suite("Corpus: tokens in a file")
struct LargeCorpusTests {
  private static let text = SmallTexts.prose(4000) + "日本é\n" + SmallTexts.prose(3000, seed: 2)

  private func options(
    _ split: CorpusSplit, documents: DocumentRule = .file, minimumCount: Int = 1
  ) -> TrainingData.Options {
    TrainingData.Options(
      split: split, batchSize: 4, sequenceLength: 16,
      reading: ReadingRules(documents: documents),
      vocabulary: VocabularyRule(minimumCount: minimumCount))
  }

  private func expectEqual(_ left: TrainingData, _ right: TrainingData, _ what: Comment) {
    #expect(left.streams == right.streams, what)
    #expect(left.validation == right.validation, what)
    #expect(left.validationCounts == right.validationCounts, what)
    #expect(left.tokenizer == right.tokenizer, what)
    #expect(left.notices == right.notices, what)
  }

  @Test("Tokens in a file are those in memory, for every split")
  func sameTokens() throws {
    let folder = try StorageTestFolder()
    let files = [
      try SmallTexts.file(Self.text), try SmallTexts.file(SmallTexts.prose(500, seed: 3)),
    ]
    let other = try SmallTexts.file(SmallTexts.prose(700, seed: 4))
    let all: [TrainingData.Options] = [
      options(.tail(fraction: 0.1)), options(.tail(fraction: 0.6), minimumCount: 30),
      options(.streams(fraction: 0.2)), options(.streams(fraction: 0.001)),
      options(.files([other])), options(.none), options(.none, documents: .line),
      options(.tail(fraction: 0.3), documents: .delimiter("calm")),
    ]
    for options in all {
      let corpus = try PreparedCorpus(files, options)
      let expected = try corpus.encoded(in: nil)
      let what: Comment = "\(options.split.name), \(options.reading?.documents.name ?? "")"
      expectEqual(
        try corpus.encoded(in: Folder(folder.path), memoryLimit: 0), expected, what)
      expectEqual(try corpus.encoded(in: nil, memoryLimit: 0), expected, what)
      #expect(try folder.names == ["tokens.bin"])
    }
  }

  @Test("The file is used again while the corpus and the settings are the same")
  func reuse() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tokens.bin")
    func encode(_ text: String, _ options: TrainingData.Options) throws -> Date {
      _ = try PreparedCorpus([SmallTexts.file(text)], options)
        .encoded(in: Folder(folder.path), memoryLimit: 0)
      let made = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
      // So that another one would be seen to be new.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 9)], ofItemAtPath: path)
      return try #require(made)
    }
    let old = Date(timeIntervalSince1970: 9)
    #expect(try encode(Self.text, options(.none)) != old)
    #expect(try encode(Self.text, options(.none)) == old)
    #expect(try encode(Self.text + "x", options(.none)) != old)
    #expect(try encode(Self.text, options(.none)) != old)
    #expect(try encode(Self.text, options(.tail(fraction: 0.5))) != old)
    #expect(try encode(Self.text, options(.none, minimumCount: 20)) != old)
    #expect(try encode(Self.text, options(.none, minimumCount: 20)) == old)
    #expect(try encode(Self.text, options(.none, documents: .line)) != old)
  }

  @Test("A file that is damaged, cut or made up is made anew")
  func damage() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("tokens.bin")
    let corpus = try PreparedCorpus([SmallTexts.file(Self.text)], options(.tail(fraction: 0.1)))
    let expected = try corpus.encoded(in: nil)
    _ = try corpus.encoded(in: Folder(folder.path), memoryLimit: 0)
    let good = Array(try Data(contentsOf: URL(filePath: path)))
    #expect(good.count > 2 * 7000)
    var random = RandomSource(seed: 5)
    var cases: [[UInt8]] = [[], Array(good.prefix(128)), good + [0], Array(good.dropFirst())]
    for _ in 0..<150 {
      cases.append(Array(good.prefix(random.nextInt(below: good.count))))
      var changed = good
      // Half of the changes in the few bytes that say what the rest is.
      let place =
        random.nextInt(below: 2) == 0
        ? random.nextInt(below: 128) : good.count - 1 - random.nextInt(below: 200)
      changed[place] ^= UInt8(1 << random.nextInt(below: 8))
      cases.append(changed)
      changed = good
      changed[128 + random.nextInt(below: good.count - 400)] ^= 0x80
      cases.append(changed)
    }
    for bytes in cases {
      try Data(bytes).write(to: URL(filePath: path))
      let data = try corpus.encoded(in: Folder(folder.path), memoryLimit: 0)
      #expect(data.streams == expected.streams && data.validation == expected.validation)
      let now = Array(try Data(contentsOf: URL(filePath: path)))
      let isSame = now == good
      #expect(isSame)
    }
  }

  @Test("A run on tokens in a file gives the same model, stopped and resumed too")
  func runs() throws {
    let folder = try StorageTestFolder()
    let text = SmallTexts.prose(PreparedCorpus.memoryLimit + 1000)
    let corpus = [try SmallTexts.file(text)]
    let settings = try SmallRuns.settings(split: .tail(fraction: 0.0001))
    let whole = folder.path("whole")
    try SmallRuns.train(settings, in: whole, corpus: corpus)
    #expect(FileManager.default.fileExists(atPath: whole + "/tokens.bin"))
    let parts = folder.path("parts")
    try SmallRuns.train(settings, in: parts, stoppingAfter: 5, corpus: corpus)
    _ = try TrainingRun(resuming: parts, corpus: corpus).train { _ in true }
    try RunFiles.expectEqual(whole, parts, "resumed")
    // A small corpus in the same place leaves none.
    try SmallRuns.train(settings, in: parts, overwrites: true)
    #expect(!FileManager.default.fileExists(atPath: parts + "/tokens.bin"))
  }
}
