import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Calibration")
struct CalibrationTests {
  /// The case `ece15`, computed in Python with fill as in `Fill.swift`:
  ///
  /// ```python
  /// conf = fill(6, (40,), 0.5).abs() * 0.9 + 0.5; ok = (fill(7, (40,), 1.0) > 0).double(); ece = 0.0
  /// for b in range(15):
  ///     m = (conf > b / 15) & (conf <= (b + 1) / 15)
  ///     if m.any(): ece += m.double().mean().item() * abs(conf[m].mean().item() - ok[m].mean().item())
  /// ```
  @Test("The expected calibration error of forty predictions")
  func golden() {
    var curve = CalibrationCurve()
    for (size, sign) in zip(fill(6, [40], 0.5).array, fill(7, [40], 1).array) {
      curve.add(confidence: 0.5 + 0.9 * abs(Double(size)), isCorrect: sign > 0)
    }
    expectClose(curve.expectedCalibrationError, 0.3465732012544044, tolerance: 1e-6, "error")
    expectClose(curve.accuracy, 0.45, tolerance: 1e-12, "accuracy")
    expectClose(curve.confidence, 0.7938827495045218, tolerance: 1e-6, "confidence")
    #expect(curve.predictionCount == 40)
  }

  @Test("Bins have their upper bound, and an empty one says nothing")
  func bins() {
    var curve = CalibrationCurve(binCount: 4)
    #expect(curve.expectedCalibrationError == 0 && curve.accuracy == 0)
    for (confidence, isCorrect) in [(0, false), (0.25, true), (0.26, false), (1, true)] {
      curve.add(confidence: confidence, isCorrect: isCorrect)
    }
    #expect(curve.bins.map(\.count) == [2, 1, 0, 1])
    #expect(curve.bins.map(\.accuracy) == [0.5, 0, 0, 1])
    #expect(curve.bins.map(\.confidence) == [0.125, 0.26, 0, 1])
    #expect(curve.bounds(ofBin: 1) == 0.25...0.5)
    expectClose(
      curve.expectedCalibrationError, (2 * 0.375 + 0.26) / 4, tolerance: 1e-12, "error")
  }

  /// −ln p of each token of the text at a temperature, in Double.
  private func costs(_ trained: TestModel, _ text: String, temperature: Double) -> [Double] {
    let tokens = trained.model.tokenizer.encode(text)
    return zip(tokens, trained.logits(tokens)).map { token, logits in
      let scaled = logits.map { $0 / temperature }
      let greatest = scaled.reduce(-.infinity, max)
      return log(scaled.reduce(0) { $0 + exp($1 - greatest) }) + greatest - scaled[Int(token)]
    }
  }

  @Test("The temperature is the one at which the text costs least")
  func temperature() throws {
    let trained = try TestModel()
    let model = trained.model
    let text = SmallTexts.prose(800, seed: 5)
    let result = model.calibration([UTF8Text(text)], precision: .float32)
    #expect(result.curve.predictionCount == 800)
    func nats(_ temperature: Double) -> Double {
      costs(trained, text, temperature: temperature).reduce(0, +) / 800
    }
    expectClose(result.natsPerToken, nats(1), tolerance: 1e-5, "as it is")
    expectClose(
      result.natsPerTokenAtTemperature, nats(result.temperature), tolerance: 1e-5, "at it")
    #expect(nats(result.temperature) <= nats(1))
    #expect(nats(result.temperature) < nats(result.temperature * 1.02))
    #expect(nats(result.temperature) < nats(result.temperature / 1.02))
    let tokens = model.tokenizer.encode(text)
    let correct = zip(tokens, trained.logits(tokens)).count { token, logits in
      logits[Int(token)] == logits.reduce(-.infinity, max)
    }
    expectClose(result.curve.accuracy, Double(correct) / 800, tolerance: 2e-3, "accuracy")

    // Thrice the logits are thrice too sure, and nothing else.
    for parameter in model.languageModel.parameters where parameter.path.hasPrefix("head.") {
      parameter.value = Tensor(parameter.value.array.map { 3 * $0 }, shape: parameter.shape)
    }
    let sure = model.calibration([UTF8Text(text)], precision: .float32)
    expectClose(sure.temperature, 3 * result.temperature, tolerance: 1e-3, "thrice")
    expectClose(
      sure.natsPerTokenAtTemperature, result.natsPerTokenAtTemperature, tolerance: 1e-5, "cost")
    #expect(sure.natsPerToken > result.natsPerToken)
    #expect(sure.curve.expectedCalibrationError > result.curve.expectedCalibrationError)
  }

  @Test("A model that knows nothing is as sure as it should be")
  func uniform() throws {
    let model = try TestModel(steps: 1).model
    for parameter in model.languageModel.parameters {
      parameter.value = Tensor(zeros: parameter.shape)
    }
    let result = model.calibration([UTF8Text("the sea"), UTF8Text("was")])
    #expect(result.temperature == 1 && result.curve.predictionCount == 10)
    let part = 1 / Double(model.tokenizer.vocabulary.count)
    expectClose(result.curve.confidence, part, tolerance: 1e-9, "confidence")
    #expect(model.calibration([UTF8Text("a"), UTF8Text("")]).curve.predictionCount == 1)
    let none = model.calibration([UTF8Text("")])
    #expect(none.curve.predictionCount == 0 && none.temperature == 1 && none.natsPerToken == 0)
  }
}
