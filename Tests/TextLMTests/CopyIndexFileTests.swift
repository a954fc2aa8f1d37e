import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("The index of copies beside a model")
struct CopyIndexFileTests {
  private static let digest = "5e"

  /// An index of random texts with some unknown tokens, of the tokens below 6.
  private static func index(seed: UInt64) -> CopyIndex {
    var random = RandomSource(seed: seed)
    let texts = [7, 30, 0, 13].map { count in
      (0..<count).map { _ in TokenID(1 + random.nextInt(below: 5)) }
    }
    return CopyIndex(texts, vocabularySize: 6)
  }

  private static func read(_ path: String, vocabularySize: Int = 6) throws -> CopyIndex {
    try CopyIndex(
      contentsOf: path, tokenizerDigest: digest, vocabularySize: vocabularySize)
  }

  private static func problem(_ path: String, vocabularySize: Int = 6) -> String? {
    do {
      _ = try read(path, vocabularySize: vocabularySize)
      return nil
    } catch CopyIndexError.damaged(_, let problem) {
      return problem
    } catch {
      return "\(error)"
    }
  }

  @Test("What is read is what was written", arguments: 1...8 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let folder = try StorageTestFolder()
    let index = Self.index(seed: seed)
    try index.write(to: folder.path("i"), tokenizerDigest: Self.digest)
    #expect(try Self.read(folder.path("i")) == index)
    let empty = CopyIndex([[TokenID]](), vocabularySize: 6)
    try empty.write(to: folder.path("i"), tokenizerDigest: Self.digest)
    #expect(try Self.read(folder.path("i")) == empty)
  }

  /// Of 2,000 characters 1,800 are learned from. In four rows with the end of each held out, there
  /// are 31 windows of 16 characters in each, of which 27 are learned from: 432 characters of 496, and
  /// the one that is to be predicted behind them.
  @Test(
    "The index of a run is that of the text it learns from, whichever way it is read",
    arguments: ReadingDirection.allCases, [false, true])
  func run(direction: ReadingDirection, isInterleaved: Bool) throws {
    let folder = try StorageTestFolder()
    let fraction = 0.1
    let base = try SmallRuns.settings(
      steps: 1, split: isInterleaved ? .streams(fraction: fraction) : .tail(fraction: fraction))
    let settings = RunSettings(
      model: ModelConfiguration(
        architecture: base.model.architecture, embeddingSize: base.model.embeddingSize,
        direction: direction),
      data: base.data, trainer: base.trainer, plan: base.plan)
    let path = folder.path("run")
    let text = SmallTexts.prose(2000)
    let run = try TrainingRun(settings, corpus: [SmallTexts.file(text)], path: path)
    _ = try run.train { _ in true }
    let model = try TextModel(contentsOf: path)
    let file = CopyIndex.fileName
    #expect(
      throws: CopyIndexError.missing(path: folder.path("run/" + file))
    ) { try model.copyIndex(besideModelAt: path) }

    let characters = Array(text)
    let rows = (0..<4).map { String(characters[$0 * 496..<$0 * 496 + 433]) }
    let learned = isInterleaved ? rows : [String(characters.prefix(1800))]
    let count = learned.reduce(0) { $0 + $1.count }
    #expect(try run.writeCopyIndex() == count)
    #expect(try run.writeCopyIndex() == nil, "there is one")
    let index = try model.copyIndex(besideModelAt: path)
    #expect(index.tokenCount == count)
    #expect(index.contains(learned, of: model))
    if !isInterleaved {
      #expect(try index == model.copyIndex(of: learned.map { UTF8Text($0) }))
      #expect(try index == model.copyIndex(besideModelAt: path + "/model.safetensors"))
    }
    try folder.write("no index", to: "run/" + file)
    #expect(try run.writeCopyIndex() == count, "a damaged one is written anew")
    #expect(try model.copyIndex(besideModelAt: path) == index)
  }

  @Test("A run that replaces another one has no index of the other's text")
  func overwriting() throws {
    let folder = try StorageTestFolder()
    let settings = try SmallRuns.settings(steps: 1)
    let path = folder.path("run")
    do {
      let first = try TrainingRun(settings, corpus: SmallRuns.corpus(), path: path)
      #expect(try first.writeCopyIndex() == 1800)
      _ = try first.train { _ in true }
    }
    #expect(try TextModel(contentsOf: path).copyIndex(besideModelAt: path).tokenCount == 1800)
    try SmallRuns.train(settings, in: path, overwrites: true)
    let model = try TextModel(contentsOf: path)
    #expect(
      throws: CopyIndexError.missing(path: folder.path("run/" + CopyIndex.fileName))
    ) { try model.copyIndex(besideModelAt: path) }
  }

  @Test("Another vocabulary and a newer format are told apart from damage")
  func others() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("i")
    try Self.index(seed: 1).write(to: path, tokenizerDigest: "other")
    #expect(throws: CopyIndexError.otherTokenizer(path: path)) { try Self.read(path) }
    try Self.rewrite(path) { tensors, metadata in metadata["format_version"] = "2" }
    #expect(throws: CopyIndexError.newerFormat(path: path, version: 2, known: 1)) {
      try Self.read(path)
    }
    try Self.rewrite(path) { tensors, metadata in metadata["format"] = "textlm" }
    #expect(Self.problem(path) == "its metadata is not that of an index")
  }

  @Test("No byte can be changed, and none be missing, without it being noticed")
  func damage() throws {
    let folder = try StorageTestFolder()
    let path = folder.path("i")
    try Self.index(seed: 2).write(to: path, tokenizerDigest: Self.digest)
    let whole = try FileReader.bytes(at: path, atMost: 1 << 20)
    for place in stride(from: 0, to: whole.count, by: 7) {
      var bytes = whole
      bytes[place] ^= 1
      try AtomicFile.replace(path, with: bytes)
      #expect(throws: CopyIndexError.self, "byte \(place)") { try Self.read(path) }
    }
    for count in [0, 1, 8, whole.count / 2, whole.count - 1] {
      try AtomicFile.replace(path, with: Array(whole.prefix(count)))
      let error = #expect(throws: CopyIndexError.self) { try Self.read(path) }
      #expect(error?.description.contains("--resume --copy-index") == true)
    }
  }

  @Test(
    "Numbers that are none of an index are refused, whatever the checksums say",
    arguments: [
      ("states.lengths", 0, 1, "no state to begin in"),
      ("states.links", 0, 0, "no state to begin in"),
      ("states.links", 3, 3, "is linked to one that is not shorter"),
      ("states.links", 3, 1 << 20, "is linked to one that is not shorter"),
      ("states.links", 3, -1, "is linked to one that is not shorter"),
      ("states.edges", 1, -4, "do not divide its"),
      ("states.edges", 2, 1 << 20, "do not divide its"),
      ("edges.tokens", 0, 6, "edge 0 leads nowhere"),
      ("edges.tokens", 0, -1, "edge 0 leads nowhere"),
      ("edges.targets", 1, 0, "edge 1 leads nowhere"),
      ("edges.targets", 1, 1 << 20, "edge 1 leads nowhere"),
      ("edges.targets", 1, -1, "edge 1 leads nowhere"),
    ] as [(String, Int, Int32, String)])
  func numbers(tensor: String, place: Int, value: Int32, message: String) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("i")
    try Self.index(seed: 3).write(to: path, tokenizerDigest: Self.digest)
    try Self.rewrite(path) { tensors, _ in tensors[tensor]?[place] = value }
    #expect(Self.problem(path)?.contains(message) == true, "\(Self.problem(path) ?? "none")")
  }

  @Test("Tensors of other lengths are refused", arguments: ["states.links", "edges.targets"])
  func lengths(tensor: String) throws {
    let folder = try StorageTestFolder()
    let path = folder.path("i")
    try Self.index(seed: 3).write(to: path, tokenizerDigest: Self.digest)
    #expect(Self.problem(path) == nil)
    try Self.rewrite(path) { tensors, _ in tensors[tensor]?.removeLast() }
    #expect(Self.problem(path) != nil)
    // A vocabulary without the last token.
    try Self.index(seed: 3).write(to: path, tokenizerDigest: Self.digest)
    #expect(Self.problem(path, vocabularySize: 5)?.contains("vocabulary") == true)
  }

  @Test("A text for which there is no room is refused with the numbers")
  func room() throws {
    try CopyIndex.checkSize(tokenCount: 10, availableBytes: 1000)
    try CopyIndex.checkSize(tokenCount: CopyIndex.greatestTokenCount, availableBytes: nil)
    #expect(throws: CopyIndexError.tooLong(tokenCount: 11, limit: 10, bytesPerToken: 100)) {
      try CopyIndex.checkSize(tokenCount: 11, availableBytes: 1099)
    }
    let error = #expect(throws: CopyIndexError.self) {
      try CopyIndex.checkSize(tokenCount: 1 << 27, availableBytes: .max)
    }
    #expect(error?.description.contains("has 134,217,728 tokens") == true)
    #expect(error?.description.contains("at most 67,108,864 have room") == true)
  }

  /// Changes numbers and metadata; the checksums are right afterwards.
  private static func rewrite(
    _ path: String,
    _ change: (inout [String: [Int32]], inout [String: String]) -> Void
  ) throws {
    let file = try SafetensorsFile(contentsOf: path, checksums: .required)
    var tensors: [String: [Int32]] = [:]
    for info in file.tensors { tensors[info.name] = try file.int32s(info.name) }
    var metadata: [String: String] = [:]
    for (key, value) in file.metadata where !key.hasSuffix("checksum") { metadata[key] = value }
    change(&tensors, &metadata)
    try SafetensorsWriter(
      tensors.map { SafetensorsEntry(name: $0.key, shape: [$0.value.count], int32s: $0.value) },
      metadata: metadata.map { ($0.key, $0.value) }
    ).write(to: path)
  }
}

extension CopyIndex {
  /// Whether each text as a whole is a sequence of the index.
  fileprivate func contains(_ texts: [String], of model: TextModel) -> Bool {
    texts.allSatisfy { model.novelty(of: [UTF8Text($0)], self).longest.count == $0.count }
  }
}
