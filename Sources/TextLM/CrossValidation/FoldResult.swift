/// How well the model of one fold predicted the block that it had not learned from.
public struct FoldResult: Sendable, Equatable {
  /// The number of the fold, from 1.
  public let fold: Int
  /// Optimizer steps.
  public let stepCount: Int
  /// Tokens learned from, in all epochs.
  public let tokenCount: Int
  /// Time of the training.
  public let elapsedSeconds: Double
  /// The best model's.
  public let evaluation: Evaluation

  /// What is compared between folds, by the names of `Evaluation.json`.
  public static let metrics: [(name: String, value: @Sendable (Evaluation) -> Double)] = [
    ("nats_per_token", { $0.natsPerToken }), ("bits_per_character", { $0.bitsPerCharacter }),
    ("bits_per_byte", { $0.bitsPerByte }), ("perplexity", { $0.perplexity }),
  ]
}

/// The mean of several numbers, and how far apart they are.
public struct MeanAndDeviation: Sendable, Equatable {
  /// Σ x / n.
  public let mean: Double
  /// √(Σ (x − mean)² / (n − 1)), the estimate for the population that the numbers are drawn from;
  /// nil for a single number.
  public let deviation: Double?

  /// Of at least one number.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "mean: there are no numbers")
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
  }
}

extension FoldResult {
  /// The JSON of some folds: `results` with an object each, then `mean` and `standard_deviation` of
  /// each metric where all folds count the same; null while there are too few.
  static func json(_ results: [FoldResult]) -> JSONObject {
    var mean = JSONObject()
    var deviation = JSONObject()
    for metric in metrics {
      let values = results.map { metric.value($0.evaluation) }
      let summary = values.isEmpty ? nil : MeanAndDeviation(values)
      mean.append(metric.name, summary.map { JSONValue($0.mean) } ?? .null)
      deviation.append(metric.name, summary?.deviation.map { JSONValue($0) } ?? .null)
    }
    return [
      "results": .array(results.map(\.json)), "mean": .object(mean),
      "standard_deviation": .object(deviation),
    ]
  }

  private var json: JSONValue {
    let counts = evaluation.counts
    return [
      "fold": JSONValue(fold), "steps": JSONValue(stepCount), "tokens": JSONValue(tokenCount),
      "elapsed_seconds": JSONValue(elapsedSeconds), "validation": evaluation.json,
      "nats": JSONValue(evaluation.nats), "characters": JSONValue(counts.characters),
      "bytes": JSONValue(counts.bytes), "words": JSONValue(counts.words),
      "unknown": JSONValue(counts.unknown),
    ]
  }

  /// Reads one of `results`, which may come from anywhere.
  init(_ json: JSONField) throws {
    let counts = 0...Int.max >> 1
    self.init(
      fold: try json.int("fold", in: 1...counts.upperBound),
      stepCount: try json.int("steps", in: counts), tokenCount: try json.int("tokens", in: counts),
      elapsedSeconds: try json.double("elapsed_seconds", in: 0...1e12),
      evaluation: Evaluation(
        nats: try json.double("nats"),
        tokenCount: try json.field("validation").int("tokens", in: counts),
        counts: TextCounts(
          characters: try json.int("characters", in: counts),
          bytes: try json.int("bytes", in: counts), words: try json.int("words", in: counts),
          unknown: try json.int("unknown", in: counts))))
  }
}
