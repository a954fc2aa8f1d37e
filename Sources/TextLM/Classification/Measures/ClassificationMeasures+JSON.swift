extension ClassificationMeasures {
  /// The members of a row of `classify evaluate --format json`; what is undefined is null, and what a kind
  /// of labels does not have is left out.
  public var json: JSONObject {
    let (interval, macro, micro) = (accuracyInterval, macro, micro)
    var object: JSONObject = [
      "texts": JSONValue(textCount), "right": JSONValue(rightCount), "accuracy": json(accuracy),
      "accuracy_low": json(interval?.lowerBound), "accuracy_high": json(interval?.upperBound),
      "macro_precision": json(macro?.precision), "macro_recall": json(macro?.recall),
      "macro_f1": json(macro?.f1), "micro_precision": json(micro.precision),
      "micro_recall": json(micro.recall), "micro_f1": json(micro.f1),
    ]
    if labels.kind == .multiple {
      object.append("decision_accuracy", json(decisionAccuracy))
    } else {
      object.append("matthews_correlation", json(matthewsCorrelation))
    }
    object.append("roc_auc", json(rocArea))
    object.append("log_loss", json(logLoss))
    object.append("expected_calibration_error", json(expectedCalibrationError))
    if labels.kind == .ordinal {
      object.append("mean_absolute_error", json(meanAbsoluteError))
      object.append("quadratic_kappa", json(quadraticKappa))
    }
    object.append("labels", .array(labelMeasures.map { .object(json($0)) }))
    if let confusion {
      object.append(
        "confusion_matrix", .array(confusion.counts.map { .array($0.map { JSONValue($0) }) }))
    }
    object.append("calibration", calibration.binsJSON(counting: "predictions"))
    return object
  }

  private func json(_ label: LabelMeasures) -> JSONObject {
    let counts = label.counts
    return [
      "label": JSONValue(label.name), "texts": JSONValue(counts.trueCount),
      "predicted": JSONValue(counts.toldCount), "right": JSONValue(counts.truePositives),
      "precision": json(counts.precision), "recall": json(counts.recall), "f1": json(counts.f1),
      "roc_auc": json(label.rocArea),
    ]
  }

  private func json(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
}
