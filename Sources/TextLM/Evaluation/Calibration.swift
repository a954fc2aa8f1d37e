/// How far a model is as sure of its predictions as it should be, and the temperature that would make
/// it so.
public struct Calibration: Sendable, Equatable {
  /// How often the likeliest token came, by the probability it was given.
  public let curve: CalibrationCurve
  /// The temperature at which all tokens together cost least: above 1 where the model is too sure of
  /// itself, below 1 where it could be surer. It is looked for between 0.05 and 20.
  public let temperature: Double
  /// Cross-entropy in nats per token as the model is, without the cost of naming unknown characters.
  public let natsPerToken: Double
  /// The same at that temperature.
  public let natsPerTokenAtTemperature: Double
}

extension Scorer {
  /// The calibration of a model on a text, which is read once for the curve and some four times more
  /// for the temperature, which is 1 of no predictions.
  public func calibration<Model: LanguageModel>(
    _ plan: ScoringPlan, _ model: Model
  ) -> Calibration {
    var curve = CalibrationCurve()
    guard plan.targetCount > 0 else {
      return Calibration(
        curve: curve, temperature: 1, natsPerToken: 0, natsPerTokenAtTemperature: 0)
    }
    var search = TemperatureSearch()
    var sums = TemperatureSearch.Sums()
    forEachPrediction(of: plan, model) { target, logits in
      let (confidence, isCorrect) = sums.add(target, logits, inverse: 1)
      curve.add(confidence: confidence, isCorrect: isCorrect)
    }
    let nats = sums.nats
    while search.advance(sums) {
      sums = TemperatureSearch.Sums()
      let inverse = search.inverse
      forEachPrediction(of: plan, model) { sums.add($0, $1, inverse: inverse) }
    }
    return Calibration(
      curve: curve, temperature: 1 / search.inverse,
      natsPerToken: nats / Double(sums.count),
      natsPerTokenAtTemperature: sums.nats / Double(sums.count))
  }
}

extension TextModel {
  /// How far the model is as sure of its predictions of these texts, all together, as it should be.
  ///
  /// With `includesEnds` that a text ends where it does is a prediction too.
  public func calibration(
    _ texts: [UTF8Text], includesEnds: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> Calibration {
    let plan = EncodedTexts(texts, self).plan(includesEnds: includesEnds, context: context)
    return languageModel.calibration(plan, Scorer(precision: precision))
  }
}

extension LanguageModel {
  /// Opens the existential for the scorer.
  fileprivate func calibration(_ plan: ScoringPlan, _ scorer: Scorer) -> Calibration {
    scorer.calibration(plan, self)
  }
}

extension Calibration {
  /// The JSON of `score --calibration`; bins without predictions are left out.
  public var json: JSONObject {
    [
      "expected_calibration_error": JSONValue(curve.expectedCalibrationError),
      "accuracy": JSONValue(curve.accuracy), "confidence": JSONValue(curve.confidence),
      "temperature": JSONValue(temperature), "nats_per_token": JSONValue(natsPerToken),
      "nats_per_token_at_temperature": JSONValue(natsPerTokenAtTemperature),
      "bins": curve.binsJSON(counting: "tokens"),
    ]
  }
}
