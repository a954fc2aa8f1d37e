import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Texts as vectors")
struct EmbeddingTests {
  /// The outputs [H] after the boundary and each token.
  private static func outputs<Model: LanguageModel>(
    _ model: Model, _ tokens: [TokenID]
  ) -> [[Float]] {
    var state = model.initialState(batchSize: 1)
    let read = [Vocabulary.boundary] + tokens
    let batch = TokenBatch(read, timeLength: read.count, batchSize: 1)
    let hidden = model.read(batch, state: &state, .inference()).hidden
    let (values, width) = (hidden.array, hidden.shape[2])
    return read.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  private func embedder(_ model: TextModel, _ pooling: VectorPooling) throws -> TextEmbedder {
    TextEmbedder(try DirectedModels(forward: (model, "forward")), pooling: pooling)
  }

  @Test(
    "Pooling does what it says, whatever is read beside a text", arguments: ["lstm", "transformer"])
  func pooling(architecture: String) throws {
    let model = try TestModel(architecture, steps: 8).model
    // Longer than the steps that are read at once, and an empty one.
    let texts = ["a", "the sea was calm", "", SmallTexts.prose(150), "no"].map { UTF8Text($0) }
    for pooling in VectorPooling.allCases {
      let vectors = try embedder(model, pooling).vectors(texts)
      for (text, vector) in zip(texts, vectors) {
        let all = Self.outputs(model.languageModel, model.tokenizer.encode(text))
        let own = all.count > 1 ? Array(all.dropFirst()) : all
        let expected = own[0].indices.map { index -> Double in
          let column = own.map { Double($0[index]) }
          switch pooling {
          case .last: return column[column.count - 1]
          case .mean: return column.reduce(0, +) / Double(column.count)
          case .max: return column.reduce(-Double.infinity, Swift.max)
          }
        }
        expectClose(vector.map(Double.init), expected, tolerance: 1e-4, "\(pooling)")
      }
    }
  }

  @Test("A backward model's vectors stand behind the forward one's")
  func directions() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(size: 16, rate: 0, steps: 8)
    settings.model = ModelConfiguration(
      architecture: settings.model.architecture, embeddingSize: settings.model.embeddingSize,
      isTied: false, direction: .backward)
    try SmallRuns.train(settings, in: folder.path("backward"))
    let backward = try TextModel(contentsOf: folder.path("backward"))
    let forward = try TestModel(steps: 8).model
    let both = TextEmbedder(
      try DirectedModels(forward: (forward, "f"), backward: (backward, "b")), pooling: .last)
    let vector = both.vectors([UTF8Text("sea")])[0]
    let tokens = backward.tokenizer.encode("aes")
    let last = try #require(Self.outputs(backward.languageModel, tokens).last)
    #expect(vector.count == 32)
    expectClose(
      vector[16...].map(Double.init), last.map(Double.init), tolerance: 1e-5, "backward half")
    expectClose(
      vector[..<16].map(Double.init),
      try embedder(forward, .last).vectors([UTF8Text("sea")])[0].map(Double.init), tolerance: 1e-5,
      "forward half")
  }

  @Test("The nearest by cosine, ties in order, zeros at right angles to all")
  func nearest() {
    let vectors = NearestVectors([[0, 0], [3, 4], [-1, 0], [0, 2], [6, 8]])
    let found = vectors.nearest(to: [1, 0], count: 4)
    #expect(found.map(\.index) == [1, 4, 0, 3])
    expectClose(found.map(\.cosine), [0.6, 0.6, 0, 0], tolerance: 1e-12, "cosines")
    #expect(vectors.nearest(to: [1, 0], count: 9).last?.index == 2)
    #expect(NearestVectors([]).nearest(to: [1], count: 3).isEmpty)
  }

  /// By numpy: `f = io.BytesIO(); numpy.lib.format.write_array(f, numpy.array([[1, -2.5], [0, 3e-3],
  /// [7, 8]], '<f4'), version=(1, 0)); f.getvalue()`.
  @Test("NumPy's format, byte for byte")
  func numpy() {
    let bytes = NumPyArrayFile.bytes([[1, -2.5], [0, 3e-3], [7, 8]], width: 2)
    #expect(bytes.count == 128 + 24)
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(
      String(decoding: bytes[10..<128], as: UTF8.self)
        == "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
        + String(repeating: " ", count: 58) + "\n")
    #expect(Array(bytes[128..<136]) == [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0])
    #expect(Array(bytes[136..<144]) == [0, 0, 0, 0, 0xA6, 0x9B, 0x44, 0x3B])
    #expect(NumPyArrayFile.bytes([], width: 5).count == 128)
  }
}
