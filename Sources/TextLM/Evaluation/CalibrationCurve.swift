/// How often predictions come true, by how sure of them a model was: a reliability curve.
///
/// Confidences from 0 to 1 are cut into bins of equal width, each without its lower and with its upper
/// bound. Where a model is calibrated, of what it is 70 % sure of, 70 % comes true; the expected
/// calibration error is how far it is from that, averaged over all predictions:
///
/// ```
/// ECE = Σ_b n_b / N · |accuracy_b − confidence_b|
/// ```
///
/// It is no measure of how well a model predicts: one that always answers with the frequencies of
/// letters has an error of almost 0.
///
/// Reference: Chuan Guo et al., "On Calibration of Modern Neural Networks", 2017.
public struct CalibrationCurve: Sendable, Equatable {
  /// The predictions of about one confidence.
  public struct Bin: Sendable, Equatable {
    /// How many there are.
    public fileprivate(set) var count = 0
    fileprivate var confidenceSum = 0.0
    fileprivate var correctCount = 0

    /// The mean confidence; 0 of no predictions.
    public var confidence: Double { confidenceSum / Double(max(count, 1)) }
    /// The part that came true; 0 of no predictions.
    public var accuracy: Double { Double(correctCount) / Double(max(count, 1)) }
  }

  /// From the least to the greatest confidence.
  public private(set) var bins: [Bin]

  /// A curve of no predictions yet. Requires at least one bin.
  public init(binCount: Int = 15) {
    require(binCount > 0, "calibration curve: \(binCount) bins")
    bins = Array(repeating: Bin(), count: binCount)
  }

  /// Counts a prediction. Requires a confidence in 0 ... 1.
  public mutating func add(confidence: Double, isCorrect: Bool) {
    require(
      confidence >= 0 && confidence <= 1, "calibration curve: a confidence of \(confidence)")
    let place = (confidence * Double(bins.count)).rounded(.up)
    let index = max(Int(place) - 1, 0)
    bins[index].count += 1
    bins[index].confidenceSum += confidence
    if isCorrect { bins[index].correctCount += 1 }
  }

  /// The bounds of a bin. Requires the index of one.
  public func bounds(ofBin index: Int) -> ClosedRange<Double> {
    let count = Double(bins.count)
    return Double(index) / count...Double(index + 1) / count
  }

  /// N, the number of predictions.
  public var predictionCount: Int { bins.reduce(0) { $0 + $1.count } }

  /// ECE, from 0 to 1; 0 of no predictions.
  public var expectedCalibrationError: Double {
    let count = Double(max(predictionCount, 1))
    return bins.reduce(0) { $0 + Double($1.count) / count * abs($1.accuracy - $1.confidence) }
  }

  /// The part of all predictions that came true; 0 of none.
  public var accuracy: Double {
    Double(bins.reduce(0) { $0 + $1.correctCount }) / Double(max(predictionCount, 1))
  }

  /// The mean confidence of all predictions; 0 of none.
  public var confidence: Double {
    bins.reduce(0) { $0 + $1.confidenceSum } / Double(max(predictionCount, 1))
  }
}

extension CalibrationCurve {
  /// The bins that have predictions, as JSON; how many they have is called `name`.
  func binsJSON(counting name: String) -> JSONValue {
    .array(
      bins.indices.filter { bins[$0].count > 0 }.map { index in
        let (bin, bounds) = (bins[index], bounds(ofBin: index))
        return [
          "from": JSONValue(bounds.lowerBound), "to": JSONValue(bounds.upperBound),
          name: JSONValue(bin.count), "confidence": JSONValue(bin.confidence),
          "accuracy": JSONValue(bin.accuracy),
        ]
      })
  }
}
