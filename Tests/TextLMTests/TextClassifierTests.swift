import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Text classifiers")
struct TextClassifierTests {
  private static func data(_ kind: LabelKind = .single, count: Int = 24) throws -> LabelledData {
    let words = ["sunny", "rainy", "snowy"]
    let texts = (0..<count).map { index in
      let label = index % words.count
      let labels = kind == .multiple && index % 5 == 0 ? ["0", "\(label)"] : ["\(label)"]
      return LabelledText(
        text:
          "day \(index) was \(words[label]) \(kind == .multiple && index % 5 == 0 ? words[0] : "")",
        labels: labels, place: LabelledPlace(path: "days", line: index + 1))
    }
    return try LabelledData(texts: texts, kind: kind)
  }

  private static func training() throws -> TextClassifierTraining {
    TextClassifierTraining(.ngrams(try NGramFeatureConfiguration(wordLength: 1)), seed: 2)
  }

  @Test("What was written is read, with thresholds and card", arguments: LabelKind.allCases)
  func storage(kind: LabelKind) throws {
    let folder = try StorageTestFolder()
    let data = try Self.data(kind)
    let parts = try ClassifierParts(data, validationFraction: 0.25, seed: 1)
    let result = try Self.training().train(parts, path: folder.path("a"))
    let read = try TextClassifier(contentsOf: folder.path("a"))
    #expect(read.labels == data.labels && read.thresholds == result.classifier.thresholds)
    #expect((read.thresholds != nil) == (kind == .multiple))
    let texts = ["a sunny one", "", "snowy"]
    #expect(try read.probabilities(of: texts) == result.classifier.probabilities(of: texts))
    #expect(try read.card.text() == result.classifier.card.text(nonFinite: .null))
    #expect(read.architectureName == "ngram" && read.parameterCount > 0)
    // What the training says of itself is what it was measured at.
    let measured = JSONField(read.card, path: "card")
    let accuracy = try measured.field("measured").double("accuracy")
    #expect(accuracy == result.evaluation?.measures.accuracy)
    #expect(try measured.int("training_texts") + measured.int("validation_texts") == 24)
    #expect(throws: ModelError.classifier(path: folder.path("a/model.safetensors"))) {
      try TextModel(contentsOf: folder.path("a"))
    }
    #expect(throws: TrainingError.runExists(path: folder.path("a"))) {
      try Self.training().train(parts, path: folder.path("a"))
    }
  }

  @Test("Texts that were held out are measured, and then learned from")
  func heldOut() throws {
    let data = try Self.data()
    let parts = try ClassifierParts(data, validationFraction: 0.25, seed: 1)
    let result = try Self.training().train(parts)
    #expect(result.isTrainedAnew && result.evaluation?.measures.textCount == parts.validation.count)
    // The same as when it learns from all texts in the order in which they come.
    let all = parts.training + parts.validation
    let other = try NGramClassifier(
      training: all.map(\.text), truth: all.map { [Int($0.labels[0]) ?? 0] }, labels: data.labels,
      configuration: NGramFeatureConfiguration(wordLength: 1), seed: 2)
    #expect(
      try result.classifier.probabilities(of: ["rainy"])[0] == other.probabilities(of: "rainy"))
    let own = try Self.training().train(ClassifierParts(data, validation: data))
    #expect(!own.isTrainedAnew && own.evaluation?.measures.accuracy == 1)
  }

  @Test("A training that is stopped leaves everything as it was")
  func stopping() throws {
    let folder = try StorageTestFolder()
    let parts = try ClassifierParts(Self.data(), validationFraction: 0.25, seed: 1)
    func stop(atModel last: Int, overwrites: Bool) {
      #expect(throws: ClassifierTrainingError.stopped) {
        try Self.training().train(parts, path: folder.path("a"), overwrites: overwrites) { event in
          if case .fitting(let model) = event { model < last } else { true }
        }
      }
    }
    stop(atModel: 2, overwrites: false)
    #expect(!FileManager.default.fileExists(atPath: folder.path("a")))
    _ = try Self.training().train(parts, path: folder.path("a"))
    let before = FileManager.default.contents(atPath: folder.path("a/model.safetensors"))
    stop(atModel: 2, overwrites: true)
    #expect(
      before != nil
        && FileManager.default.contents(atPath: folder.path("a/model.safetensors")) == before)
  }

  @Test(
    "Thresholds of n-grams are tuned on all texts that are learned from, and others are steadied")
  func thresholds() throws {
    let data = try Self.data(.multiple, count: 60)
    let parts = try ClassifierParts(data, validationFraction: 0.1, seed: 1)
    let training = try Self.training()
    let result = try training.train(parts)
    // What is kept was tuned on all texts, which are the same whatever was measured.
    let all = try ClassifierParts(
      LabelledData(texts: parts.training + parts.validation, kind: .multiple), validation: data)
    #expect(try training.train(all).classifier.thresholds == result.classifier.thresholds)
    // One text with the label at 0.9 and one without at 0.5: 0.7 by itself, and (0.7 + 10 · 0.5) / 11.
    let (probabilities, truth) = ([[0.9], [0.5]], [[0], []])
    let steadied = ThresholdSearch.thresholds(
      probabilities: probabilities, truth: truth, labelCount: 1, steadyingCount: 10)
    expectClose(steadied, [5.7 / 11], tolerance: 1e-12, "steadied")
  }

  @Test("Each text is held out once")
  func crossValidation() throws {
    let data = try Self.data()
    var told: [Int] = []
    let found = try ClassifierCrossValidation(
      Self.training(), data, foldCount: 4, validationFraction: 0.2, seed: 1
    ) { _, _ in
      true
    } measured: { fold, _ in
      told.append(fold)
    }
    #expect(told == [1, 2, 3, 4] && !found.wasStopped && found.labelsInOneFold.isEmpty)
    #expect(found.results.map(\.textCount) == [6, 6, 6, 6])
    #expect(found.results.allSatisfy { $0.labelMeasures.allSatisfy { $0.counts.trueCount == 2 } })
    let mean = found.summary(ClassifierCrossValidation.metrics[0])?.mean
    #expect(mean == found.results.reduce(0) { $0 + ($1.accuracy ?? 0) } / 4)
    let stopped = try ClassifierCrossValidation(
      Self.training(), data, foldCount: 4, validationFraction: 0.2, seed: 1
    ) { fold, _ in
      fold < 2
    }
    #expect(stopped.wasStopped && stopped.results.count == 1)
  }

  @Test("A network is trained in memory and in a folder")
  func network() throws {
    let folder = try StorageTestFolder()
    let parts = try ClassifierParts(Self.data(), validationFraction: 0.25, seed: 1)
    var recipe = NetworkRecipe(
      .new(
        try SmallModels.architecture("gru", size: 4), embeddingSize: 3,
        preparation: TextPreparation(), segmenter: CodePointSegmenter(),
        vocabulary: VocabularyRule()),
      trainer: TrainerSettings(seed: 3),
      plan: LearningRatePlan(peak: 0.01, warmupSteps: 1, horizon: .steps(4)))
    recipe.batchSize = 8
    let training = TextClassifierTraining(.network(recipe), seed: 3, isBalanced: true)
    let result = try training.train(parts, path: folder.path("n"))
    #expect(result.network?.stepCount == 4 && !result.wasStopped && !result.isTrainedAnew)
    let read = try TextClassifier(contentsOf: folder.path("n"))
    #expect(read.architectureName == "gru")
    let probabilities = try read.probabilities(of: ["sunny"])
    #expect(try probabilities == training.train(parts).classifier.probabilities(of: ["sunny"]))
    let contributions = try read.contributions(in: "sunny é", to: 1)
    #expect(contributions?.count == 7)
    let longer = try TextClassifierTraining.resume(
      folder.path("n"), parts, horizon: .steps(6))
    #expect(longer.network?.stepCount == 6)
    let settings = try TextClassifierTraining.settings(ofRunAt: folder.path("n"))
    #expect(try settings.uint64("seed") == 3)
    // A damaged state is told, and the one before it is gone on from.
    try folder.write("damaged", to: "n/state.safetensors")
    var notices: [String] = []
    let mended = try TextClassifierTraining.resume(folder.path("n"), parts, horizon: .steps(7)) {
      if case .notice(let text) = $0 { notices.append(text) }
      return true
    }
    #expect(mended.network?.stepCount == 7)
    #expect(notices.count == 1 && notices[0].contains("going on from the state before it"))
    notices = []
    _ = try TextClassifierTraining.resume(folder.path("n"), parts, horizon: .steps(2)) {
      if case .notice(let text) = $0 { notices.append(text) }
      return true
    }
    #expect(notices.count == 1 && notices[0].hasPrefix("7 steps were taken already"))
  }

  @Test("Predictions are ranked, and explained by the likeliest label that is told")
  func predictions() throws {
    let labels = try LabelSet(kind: .multiple, names: ["a", "b", "c"])
    let prediction = TextPrediction(
      labels: labels, probabilities: [0.4, 0.9, 0.9], thresholds: [0.3, 0.95, 0.5])
    #expect(prediction.told == ["a", "c"] && prediction.foremostIndex == 2)
    #expect(prediction.ranked.map(\.label) == ["b", "c", "a"])
    #expect(
      try JSONValue.object(prediction.json(limit: 1)).text()
        == #"{"labels":["a","c"],"probabilities":{"b":0.9}}"#)
    let none = TextPrediction(labels: labels, probabilities: [0.1, 0.2, 0])
    #expect(none.told.isEmpty && none.foremostIndex == 1)
  }

  @Test("Labels that a classifier does not know are refused or left out")
  func unknownLabels() throws {
    let classifier = try Self.training().train(
      ClassifierParts(Self.data(), validationFraction: 0.25, seed: 1)
    ).classifier
    let odd = try LabelledData(
      texts: ["0", "cloudy"].enumerated().map { index, label in
        LabelledText(
          text: "sunny", labels: [label], place: LabelledPlace(path: "odd", line: index + 1))
      }, kind: .single)
    #expect(throws: LabelledDataError.self) { try ClassifierEvaluation(classifier, odd) }
    let found = try ClassifierEvaluation(classifier, odd, leavesUnknownOut: true)
    #expect(found.measures.textCount == 1 && found.isRight == [true])
    #expect(found.unknown.map(\.name) == ["cloudy"])
  }
}
