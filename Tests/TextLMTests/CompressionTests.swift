import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Compression")
struct CompressionTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  private static func noise(_ count: Int, seed: UInt64 = 5) -> [UInt8] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in UInt8(random.nextInt(below: 256)) }
  }

  private static let prose = Array(SmallTexts.prose(400, seed: 9).utf8)

  /// Text and whatever else files may hold.
  static let inputs: [(name: String, bytes: [UInt8])] = [
    ("nothing", []), ("one byte", [0]), ("one letter", Array("a".utf8)), ("prose", prose),
    ("lines of DOS", Array("the sea\r\nwas calm\r\n".utf8)),
    ("a byte-order mark", [0xEF, 0xBB, 0xBF] + prose),
    ("capitals and composed letters", Array("The SEA caf\u{E9} cafe\u{301} was calm.\n".utf8)),
    ("other scripts", Array("the sea \u{65E5}\u{672C}\u{8A9E} was \u{1F30A} calm".utf8)),
    ("noise", noise(500)), ("noise in prose", prose + noise(90) + prose + [0xFF] + prose),
    ("a cut character", prose + [0xE2, 0x82]), ("a cut character at first", [0x82, 0xAC] + prose),
    ("surrogates and too long", [0xED, 0xA0, 0x80, 0xC0, 0x80] + prose + [0xF5]),
    ("zeros", [UInt8](repeating: 0, count: 300)),
    ("replacement characters", Array("a\u{FFFD}b".utf8) + prose),
  ]

  private func expectLossless(_ model: TextModel, _ what: String) throws {
    for (index, (name, bytes)) in Self.inputs.enumerated() {
      let stretchCount = index.isMultiple(of: 2) ? 5 : nil
      let compressed = TextCompressor(model, stretchCount: stretchCount).compress(bytes)
      let back = try TextDecompressor(model).decompress(compressed.file, source: name)
      #expect(back == bytes, "\(what): \(name)")
      #expect(compressed.summary.compressedByteCount == compressed.file.count)
      // Nothing grows by more than the header.
      #expect(compressed.file.count < bytes.count + 90, "\(what): \(name)")
    }
  }

  @Test("Everything comes back byte for byte")
  func lossless() throws {
    try expectLossless(model, "characters")
  }

  @Test("Also with bytes for rare characters, and of models of other units and directions")
  func otherModels() throws {
    try expectLossless(try TestModel(steps: 4, maximumUnitCount: 9).model, "rare ones in bytes")
    for (unit, direction) in [
      ("byte", ReadingDirection.forward), ("grapheme", .forward), ("word", .forward),
      ("codepoint", .backward),
    ] {
      let folder = try StorageTestFolder()
      var settings = try SmallRuns.settings(size: 8, rate: 0, steps: 4)
      settings.data.segmenter = try SegmenterRegistry.builtIn.segmenter(named: unit)
      let configuration = ModelConfiguration(
        architecture: settings.model.architecture, embeddingSize: settings.model.embeddingSize,
        direction: direction)
      try SmallRuns.train(
        RunSettings(
          model: configuration, data: settings.data, trainer: settings.trainer,
          plan: settings.plan),
        in: folder.path("run"))
      try expectLossless(
        try TextModel(contentsOf: folder.path("run")), "\(unit) \(direction.rawValue)")
    }
  }

  @Test("The size is what the score has promised")
  func size() throws {
    let text = "\u{65E5} " + SmallTexts.prose(6000, seed: 4) + " caf\u{E9}"
    let promised = try model.score([UTF8Text(text)], precision: .float32, context: .exact)[0]
    let summary = TextCompressor(model, stretchCount: 1).compress(Array(text.utf8)).summary
    #expect(!summary.isStored)
    #expect(summary.unknownCharacterCount == 2)
    #expect(summary.characterCount == promised.counts.characters)
    let modelBits = try #require(summary.modelBitsPerCharacter)
    #expect(abs(modelBits / promised.bitsPerCharacter - 1) < 0.0005)
    let contentBits = Double(8 * summary.contentByteCount)
    #expect(contentBits >= summary.modelBits - 8)
    #expect(contentBits < summary.modelBits * 1.0005 + 8)
    // A stretch begins with nothing in mind, which costs something.
    let stretched = TextCompressor(model, stretchCount: 8).compress(Array(text.utf8)).summary
    #expect(stretched.stretchCount == 8)
    #expect(stretched.modelBits > summary.modelBits)
    #expect(stretched.modelBits < summary.modelBits + 7 * 200)
  }

  @Test("Spelled out is what is no text, and what the model does not know")
  func spelling() throws {
    let spelling = ByteSpelling(model.tokenizer)
    func literals(_ bytes: [UInt8]) -> [Literal] {
      spelling.symbols(of: bytes).literals.sorted { $0.key < $1.key }.map(\.value)
    }
    let (a, far) = (Array("a".utf8), Array(" the sea was calm ".utf8))
    #expect(literals(far).isEmpty)
    #expect(literals(far + Array("\u{E9}".utf8) + far) == [.character("\u{E9}")])
    #expect(literals(far + [0xFF] + far + [0xFE]) == [.bytes([0xFF]), .bytes([0xFE])])
    #expect(literals([0xFF] + a + [0xFE] + far) == [.bytes([0xFF] + a + [0xFE])])
    #expect(literals(Array("\u{E9}a\u{E8}".utf8)) == [.bytes(Array("\u{E9}a\u{E8}".utf8))])
    #expect(spelling.symbols(of: far + [0xFF] + far).tokens.count == 2 * far.count + 1)
  }

  @Test("The file does not depend on the number of threads")
  func threads() throws {
    let bytes = Array(SmallTexts.prose(3000, seed: 2).utf8)
    let count = Engine.threadCount
    defer { Engine.setThreadCount(count) }
    let files = [1, 2, 3].map { count in
      Engine.setThreadCount(count)
      return TextCompressor(model, stretchCount: 7).compress(bytes).file
    }
    #expect(files[1] == files[0])
    #expect(files[2] == files[0])
  }

  @Test("Another model is refused with both checksums")
  func otherModel() throws {
    let other = try TestModel(steps: 3).model
    let file = TextCompressor(model).compress(Self.prose).file
    let (needed, given) = (String(model.checksum.prefix(10)), String(other.checksum.prefix(10)))
    #expect(needed != given && model.checksum.count == 64)
    let error = CompressionError.otherModel(source: "a.tlmz", needed: needed, given: given)
    #expect(throws: error) { try TextDecompressor(other).decompress(file, source: "a.tlmz") }
    #expect(error.description.contains(needed) && error.description.contains(given))
  }

  @Test("Every cut and every changed byte is noticed")
  func damage() throws {
    let decompressor = TextDecompressor(model)
    for bytes in [Self.prose, Self.noise(20)] {
      let file = TextCompressor(model).compress(bytes).file
      for count in 0..<file.count {
        #expect(throws: CompressionError.self) {
          try decompressor.decompress(Array(file[..<count]), source: "cut")
        }
        var changed = file
        changed[count] ^= 0x10
        #expect(throws: CompressionError.self) {
          try decompressor.decompress(changed, source: "changed")
        }
      }
      #expect(throws: CompressionError.self) {
        try decompressor.decompress(file + [0], source: "longer")
      }
    }
    #expect(throws: CompressionError.foreign(source: "x")) {
      try decompressor.decompress(Array("the sea was calm".utf8), source: "x")
    }
  }

  @Test("A file whose checksum was made anew is still not believed")
  func forged() throws {
    let decompressor = TextDecompressor(model)
    let whole = try CompressedFile(
      parsing: TextCompressor(model).compress(Self.prose).file, source: "whole")
    #expect(try CompressedFile(parsing: whole.bytes, source: "again") == whole)
    func error(_ change: (inout CompressedFile) -> Void) -> CompressionError? {
      var file = whole
      change(&file)
      return #expect(throws: CompressionError.self) {
        try decompressor.decompress(file.bytes, source: "f")
      }
    }
    let others = CompressionError.otherProbabilities(source: "f")
    #expect(error { $0.content.removeLast(20) } == others)
    #expect(error { $0.content[3] ^= 1 } == others)
    #expect(error { $0.byteCount += 1 } == others)
    #expect(error { $0.symbolCount -= 1 } == others)
    #expect(error { $0.stretchCount = 2 } == others)
    #expect(error { $0.contentChecksum[0] ^= 1 } == others)
    let foreign: FloatArithmetic = whole.arithmetic == .plain ? .avx2 : .plain
    #expect(
      error { $0.arithmetic = foreign }
        == .otherInstructions(
          source: "f", needed: foreign.instructionSet.rawValue,
          inUse: Engine.instructionSet.rawValue))
    for (kind, isNewer) in [(0x31, true), (0x01, false)] as [(UInt8, Bool)] {
      var other = whole.bytes
      other[4] = kind
      #expect(throws: CompressionError.otherFormat(source: "f", isNewer: isNewer)) {
        try decompressor.decompress(other, source: "f")
      }
    }
    // Noise for content neither traps nor takes the memory that it asks for.
    for seed in 1...20 as ClosedRange<UInt64> {
      #expect(error { $0.content = Self.noise(200, seed: seed) } == others)
    }
  }
}
