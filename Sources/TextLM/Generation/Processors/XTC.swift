/// Excludes the most likely choices, now and then, where there are several good ones.
///
/// With probability x: of the tokens with p >= t, all but the least likely are excluded (of equally
/// unlikely ones the last stays). One such token alone is left as it is. On characters the likeliest
/// letters within a word are its spelling; with `places` the processor acts where words begin, and
/// only there.
///
/// Reference: Philipp Emanuel Weidmann, "Exclude Top Choices (XTC)", 2024.
public struct XTC: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "xtc"

  /// x, from 0 to 1.
  public let probability: Double
  /// t, from above 0 to 0.5: of tokens above it there can be only one.
  public let threshold: Double
  private let places: WordPlaces?

  /// Throws `SamplingError` for numbers outside their ranges; without `places` it acts everywhere.
  public init(
    probability: Double, threshold: Double, places: WordPlaces? = nil
  ) throws(SamplingError) {
    guard probability >= 0, probability <= 1 else {
      throw .outOfRange(name: "xtc-probability", value: "\(probability)", allowed: "from 0 to 1")
    }
    guard threshold > 0, threshold <= 0.5 else {
      throw .outOfRange(
        name: "xtc-threshold", value: "\(threshold)", allowed: "above 0 and at most 0.5")
    }
    self.probability = probability
    self.threshold = threshold
    self.places = places
  }

  /// Excludes, or not.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard places?.isWordStart(after: context.tokens) != false,
      context.random.nextUniform() < probability
    else { return }
    let probabilities = Sampler.probabilities(logits)
    let choices = logits.indices.filter { probabilities[$0] >= threshold }
    guard let kept = choices.min(by: { (probabilities[$0], $1) < (probabilities[$1], $0) })
    else { return }
    for index in choices where index != kept { logits[index] = -.infinity }
  }
}
