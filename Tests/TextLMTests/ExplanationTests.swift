import Foundation
import TextLM
import TextLMTensors
import Testing

/// What is told of single characters and what is told of the text must not contradict each other.
///
/// An explanation agrees with a prediction when what the characters contribute to the label that the text
/// gets adds up to more than 0: together they speak for it. Of n-grams these are the exact parts of the
/// logit, and disagreement means that the label's bias alone decided; of networks they are what leaving out
/// a character costs.
@Suite("Explanations")
struct ExplanationTests {
  /// The part of some texts of which the explanation agrees with the prediction.
  private func agreement(_ classifier: TextClassifier, _ texts: [String]) throws -> Double {
    let predictions = try classifier.predict(texts)
    let count = try zip(texts, predictions).count { text, prediction in
      let found = try classifier.contributions(in: text, to: prediction.foremostIndex)
      return try #require(found).reduce(0, +) > 0
    }
    return Double(count) / Double(texts.count)
  }

  @Test("Of n-grams they agree with nine of ten predictions for reviews")
  func ngrams() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try LabelledReading().read([package.appending(path: "corpora/reviews.csv").path])
    let parts = try ClassifierParts(data, validationFraction: 0.2, seed: 1)
    // One weight of the data, so that little has to be tried.
    let training = TextClassifierTraining(
      .ngrams(try NGramFeatureConfiguration(dataWeights: [3], foldCount: 2)), seed: 1)
    // Texts of their own to validate on are never learned from.
    let own = try ClassifierParts(
      LabelledData(texts: parts.training, kind: .single),
      validation: LabelledData(texts: parts.validation, kind: .single))
    let found = try agreement(training.train(own).classifier, own.validation.map(\.text))
    #expect(found >= 0.9, "\(found)")
  }

  @Test("Of a network they agree with nine of ten predictions")
  func network() throws {
    let examples = SmallClassifiers.markedTexts(240, seed: 3)
    let others = SmallClassifiers.markedTexts(60, seed: 2)
    let trained = try NeuralClassifierTraining(
      SmallClassifiers.settings(epochs: 14), .new(SmallClassifiers.tokenizer()),
      training: examples, validation: others
    ).train { _ in true }
    let found = try agreement(TextClassifier(.network(trained.classifier)), others.texts)
    #expect(found >= 0.9, "\(found)")
  }
}
