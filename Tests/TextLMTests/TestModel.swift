import TextLM
import Testing

/// A trained model and the folder it lies in.
struct TestModel {
  private static let sharedResult: Result<TestModel, any Error> = Result {
    try TestModel(in: .lasting())
  }

  /// The model that is made when nothing is said of it, trained once for all tests that only read it.
  static func shared() throws -> TestModel { try sharedResult.get() }

  let folder: StorageTestFolder
  let model: TextModel

  var path: String { folder.path("run") }

  /// A model of prose that knows more than the frequencies of letters; `maximumUnitCount` leaves
  /// rare letters to bytes.
  init(
    _ name: String = "lstm", steps: Int = 40, maximumUnitCount: Int? = nil, isTied: Bool = false,
    in folder: StorageTestFolder? = nil
  ) throws {
    let folder = try folder ?? StorageTestFolder()
    var settings = try SmallRuns.settings(name, size: 16, rate: 0, steps: steps, learningRate: 0.03)
    if isTied {
      settings.model = try SmallModels.configuration(
        name, size: 16, embeddingSize: 16, isTied: true)
    }
    settings.data.vocabulary.maximumUnitCount = maximumUnitCount
    try SmallRuns.train(settings, in: folder.path("run"))
    self.folder = folder
    model = try TextModel(contentsOf: folder.path("run"))
  }

  /// The logits after each token of the boundary and `tokens`, one row of V each, from one call.
  func logits(_ tokens: [TokenID]) -> [[Double]] {
    Self.logits(model.languageModel, [Vocabulary.boundary] + tokens)
  }

  /// The logits after the last of `tokens`, which are read without a boundary before them.
  func logits(reading tokens: [TokenID]) -> [Double] {
    Self.logits(model.languageModel, tokens)[tokens.count - 1]
  }

  private static func logits<Model: LanguageModel>(
    _ model: Model, _ read: [TokenID]
  ) -> [[Double]] {
    var state = model.initialState(batchSize: 1)
    let batch = TokenBatch(read, timeLength: read.count, batchSize: 1)
    let logits = model(batch, state: &state, .inference()).array.map(Double.init)
    let width = model.vocabularySize
    return read.indices.map { Array(logits[$0 * width..<($0 + 1) * width]) }
  }
}
