import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("Transfer: beginning with a trained model")
struct TransferTests {
  /// Prose with letters that the donor's text has, in other proportions, and two that it has not.
  private static let newText = SmallTexts.prose(900, seed: 9) + String(repeating: "zß ", count: 60)

  private func run(
    _ donor: TestModel, _ part: Transfer.Part = .model, in folder: StorageTestFolder,
    text: String = newText, _ change: (inout RunSettings) throws -> Void = { _ in }
  ) throws -> TrainingRun {
    var settings = try SmallRuns.settings(size: 16, rate: 0)
    try change(&settings)
    return try TrainingRun(
      settings, corpus: [SmallTexts.file(text)], path: folder.path("new"),
      transfer: Transfer(part, of: donor.model, name: "donor"))
  }

  private func values(_ model: any LanguageModel) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.path, $0.value) })
  }

  @Test("Rows are matched by unit; everything else is the trained model's")
  func matched() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let run = try run(donor, in: folder)
    let (old, new) = (values(donor.model.languageModel), values(run.model))
    let (known, vocabulary) = (donor.model.tokenizer.vocabulary, run.data.tokenizer.vocabulary)
    let matches = vocabulary.matches(in: known)
    // The order is that of frequency, so that hardly any token has its old number.
    #expect(matches.enumerated().contains { $0.element.map(Int.init) != $0.offset })
    for (token, match) in matches.enumerated() {
      guard let match else { continue }
      for path in ["embedding.weight", "head.weight", "head.bias"] {
        let (table, stored) = (try #require(new[path]), try #require(old[path]))
        let row = stored[rows: Int(match)..<Int(match) + 1].array
        #expect(table[rows: token..<token + 1].array == row, "\(path), token \(token)")
      }
    }
    for (path, value) in new where path.hasPrefix("rnn.") {
      #expect(value.array == old[path]?.array, "\(path)")
    }
    let record = try #require(run.settings.transfer)
    #expect(record.newUnitCount == 2)
    #expect(record.matchedUnitCount == vocabulary.unitCount - 2)
    #expect((record.coverage ?? 0) > 0.8 && (record.coverage ?? 0) < 1)
    #expect(run.notices.contains { $0.contains("from donor") && $0.contains("new: z ß") })
  }

  @Test("New rows lie near the mean, and their biases where their frequencies put them")
  func newRows() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let run = try run(donor, in: folder)
    let (old, new) = (values(donor.model.languageModel), values(run.model))
    let (known, vocabulary) = (donor.model.tokenizer.vocabulary, run.data.tokenizer.vocabulary)
    let matches = vocabulary.matches(in: known)
    let unknown = matches.indices.filter { matches[$0] == nil }
    #expect(unknown.count == 2)
    for path in ["embedding.weight", "head.weight"] {
      let stored = try #require(old[path])
      let width = stored.shape[1]
      let units = stored[rows: 2..<stored.shape[0]].array
      for token in unknown {
        let row = try #require(new[path])[rows: token..<token + 1].array
        var squares = 0.0
        for column in 0..<width {
          let values = stride(from: column, to: units.count, by: width).map { Double(units[$0]) }
          let mean = values.reduce(0, +) / Double(values.count)
          let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
          squares += (Double(row[column]) - mean) * (Double(row[column]) - mean) / variance
        }
        // In units of the columns' deviations 0.1 on the whole; five times as much is impossible.
        let distance = (squares / Double(width)).squareRoot()
        #expect(distance > 0.02 && distance < 0.5, "\(path): \(distance)")
      }
    }
    // Bias minus log frequency is the same for both, and the known tokens' mean of it, by frequency.
    let frequencies = vocabulary.logFrequencies()
    let (bias, stored) = (
      try #require(new["head.bias"]).array, try #require(old["head.bias"]).array
    )
    var (sum, weight) = (0.0, 0.0)
    for (token, match) in matches.enumerated() {
      guard let match else { continue }
      sum += exp(frequencies[token]) * (Double(stored[Int(match)]) - frequencies[token])
      weight += exp(frequencies[token])
    }
    for token in unknown {
      #expect(abs(Double(bias[token]) - frequencies[token] - sum / weight) < 1e-5)
    }
  }

  @Test("With nothing new, the model says what the trained one says")
  func samePredictions() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let run = try run(donor, in: folder, text: SmallTexts.prose(1200, seed: 5))
    #expect(run.settings.transfer?.newUnitCount == 0)
    let matches = run.data.tokenizer.vocabulary.matches(in: donor.model.tokenizer.vocabulary)
    let text = "the sea was calm"
    let expected = donor.logits(donor.model.tokenizer.encode(text))
    let logits = logits(run.model, run.data.tokenizer.encode(text))
    for (row, expectedRow) in zip(logits, expected) {
      for (token, match) in matches.enumerated() {
        guard let match else { continue }
        #expect(abs(row[token] - expectedRow[Int(match)]) < 1e-4)
      }
    }
  }

  private func logits<Model: LanguageModel>(_ model: Model, _ tokens: [TokenID]) -> [[Double]] {
    var state = model.initialState(batchSize: 1)
    let read = [Vocabulary.boundary] + tokens
    let batch = TokenBatch(read, timeLength: read.count, batchSize: 1)
    let values = model(batch, state: &state, .inference()).array.map(Double.init)
    let width = model.vocabularySize
    return read.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  @Test("Embeddings alone: the rest is as new as without them")
  func embeddings() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let run = try run(donor, .embeddings, in: folder)
    let fresh = try TrainingRun(
      SmallRuns.settings(size: 16, rate: 0), corpus: [SmallTexts.file(Self.newText)],
      path: folder.path("fresh"))
    let (new, other) = (values(run.model), values(fresh.model))
    for (path, value) in new {
      #expect((value.array == other[path]?.array) == (path != "embedding.weight"), "\(path)")
    }
    #expect(run.settings.transfer?.part == .embeddings)
  }

  @Test("A tied model's embedding serves as output weights of an untied one")
  func untying() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(steps: 2)
    settings.model = try SmallModels.configuration(embeddingSize: 8, isTied: true)
    try SmallRuns.train(settings, in: folder.path("tied"))
    let donor = try TextModel(contentsOf: folder.path("tied"))
    settings.model = try SmallModels.configuration(embeddingSize: 8)
    let run = try TrainingRun(
      settings, corpus: SmallRuns.corpus(), path: folder.path("new"),
      transfer: Transfer(.model, of: donor, name: "tied"))
    let new = values(run.model)
    #expect(new["head.weight"]?.array == values(donor.languageModel)["embedding.weight"]?.array)
  }

  @Test("What cannot fit is refused with both shapes, before anything is written")
  func refusals() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let advice = "--layers 2 --hidden-size 16 --embedding-size 6"
    func expect(
      _ error: TransferError, _ configuration: ModelConfiguration,
      part: Transfer.Part = .model, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(throws: error, sourceLocation: sourceLocation) {
        try run(donor, part, in: folder) { $0.model = configuration }
      }
    }
    func lstm(layers: Int, size: Int) throws -> any CausalArchitecture {
      LSTMArchitecture(
        try Hyperparameters(
          written: [("layers", "\(layers)"), ("hidden_size", "\(size)")],
          known: LSTMArchitecture.hyperparameters, architecture: "lstm"))
    }
    expect(
      .shape(
        model: "donor", tensor: "rnn.weight_ih_l0", found: [64, 6], wanted: [32, 6],
        advice: advice),
      ModelConfiguration(architecture: try lstm(layers: 2, size: 8), embeddingSize: 6))
    expect(
      .missing(
        model: "donor", tensor: "rnn.weight_ih_l2", wanted: [64, 16], advice: advice),
      ModelConfiguration(architecture: try lstm(layers: 3, size: 16), embeddingSize: 6))
    expect(
      .leftOver(
        model: "donor", tensor: "rnn.weight_ih_l1", shape: [64, 16], advice: advice),
      ModelConfiguration(architecture: try lstm(layers: 1, size: 16), embeddingSize: 6))
    expect(
      .untied(model: "donor"),
      ModelConfiguration(
        architecture: try lstm(layers: 2, size: 16), embeddingSize: 16, isTied: true))
    expect(
      .embeddingSize(model: "donor", found: 6, wanted: 7),
      ModelConfiguration(architecture: try lstm(layers: 1, size: 8), embeddingSize: 7),
      part: .embeddings)
    #expect(try folder.names == [])
  }

  @Test("A run that began so goes on bit for bit after a stop")
  func resuming() throws {
    let (donor, folder) = (try TestModel(), try StorageTestFolder())
    let settings = try SmallRuns.settings(size: 16)
    for (path, stop) in [("whole", nil), ("parts", 13)] as [(String, Int?)] {
      let run = try TrainingRun(
        settings, corpus: SmallRuns.corpus(), path: folder.path(path),
        transfer: Transfer(.model, of: donor.model, name: "donor"))
      _ = try run.train {
        if case .step(let report, _) = $0 { return report.step != stop }
        return true
      }
    }
    try SmallRuns.resume(folder.path("parts"))
    try RunFiles.expectEqual(folder.path("whole"), folder.path("parts"), "with --init-from")
  }
}
