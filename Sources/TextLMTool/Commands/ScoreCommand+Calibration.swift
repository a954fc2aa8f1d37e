import TextLM

extension ScoreCommand {
  /// Prints how sure the model is of what it predicts, and how right.
  func printCalibration(_ model: TextModel, _ documents: [Document]) throws {
    let calibration = model.calibration(
      documents.map(\.text), includesEnds: measuresEnds, precision: precision.forMeasuring,
      context: context)
    let signature = try signature(model, nil)
    switch shared.format {
    case .json:
      var row = calibration.json
      row.append("signature", JSONValue(signature))
      try Console.standardOutput(JSONValue.object(row).text(nonFinite: .null) + "\n")
    case .text:
      for line in calibration.lines(signature) {
        try Console.standardOutput(untrusted: line + "\n")
      }
    }
  }
}

extension Calibration {
  /// The numbers, and the curve as a table.
  fileprivate func lines(_ signature: String) -> [String] {
    let numbers = [
      ("tokens", Numbers.grouped(curve.predictionCount)),
      ("likeliest came", Numbers.fixed(curve.accuracy, 4)),
      ("it was given", Numbers.fixed(curve.confidence, 4)),
      ("calibration error", Numbers.fixed(curve.expectedCalibrationError, 4)),
      ("nats per token", Numbers.fixed(natsPerToken, 4)),
      ("best temperature", Numbers.fixed(temperature, 3)),
      ("nats at it", Numbers.fixed(natsPerTokenAtTemperature, 4)), ("signature", signature),
    ]
    return numbers.map { label, value in
      label + String(repeating: " ", count: 20 - label.count) + value
    } + [""] + curve.lines(counting: "tokens")
  }
}
