/// What a line may cost before it counts as an anomaly, learned from lines that are normal.
///
/// A line of n characters that cost S nats is an anomaly where
///
/// (S − α − μ·n) / √(n + n²/k) > t,
///
/// with α + μ·n what a normal line of that length costs, and √(n + n²/k) how far lines differ from it: as
/// the root of n while characters differ by chance, and as n where whole lines are of another kind, from
/// about k characters on. So a short line must be worse for each character than a long one, of which more
/// is seen. t is a quantile of the normal lines themselves: of other normal lines, if they are alike, at most a share of
/// `rate` is expected above it, whatever their costs are distributed like.
///
/// α, μ and k come from medians and quantiles, which some anomalies among the normal lines do not move
/// far; t is moved by as many as there are.
///
/// References: John W. Tukey, "Exploratory Data Analysis", 1977, for the resistant line; Vladimir Vovk,
/// Alex Gammerman and Glenn Shafer, "Algorithmic Learning in a Random World", 2005, for the quantile.
public struct AnomalyRule: Sendable, Equatable {
  /// The share of normal lines that may be taken for anomalies.
  public let rate: Double
  /// Lines that the rule was learned from.
  public let lineCount: Int
  /// α, what a line costs beside its characters, in nats.
  public let lineNats: Double
  /// μ, nats for each character.
  public let characterNats: Double
  /// k, the characters from which on lines differ more than their characters; infinite where they never do.
  public let spreadLength: Double
  /// t, in nats for a line of one character.
  public let threshold: Double

  /// The rule of some normal lines, which should be none that the model was trained on.
  ///
  /// Throws `AnomalyError` for a rate that is not between 0 and 1, and for fewer than 1/rate − 1 lines.
  /// Lines without characters are left out.
  public init(
    normalLines: [(characterCount: Int, nats: Double)], rate: Double
  ) throws(AnomalyError) {
    guard rate > 0, rate < 1 else { throw .rate(rate) }
    let lines = normalLines.filter { $0.characterCount > 0 }
      .sorted { $0.characterCount < $1.characterCount }
      .map { (length: Double($0.characterCount), nats: $0.nats) }
    // Rounding must not turn 0.01 of 100 into 0.
    let aboveCount = Int((Double(lines.count + 1) * rate + 1e-9).rounded(.down))
    guard aboveCount >= 1, !lines.isEmpty else {
      let needed = max(1, Int((min(1 / rate, 1e15) - 1 - 1e-9).rounded(.up)))
      throw .tooFewLines(count: lines.count, needed: needed, rate: rate)
    }
    let line = ResistantLine(through: lines.map { ($0.length, $0.nats) })
    let excesses = lines.map {
      (length: $0.length, nats: $0.nats - line.intercept - line.slope * $0.length)
    }
    let spreadLength = Self.spreadLength(excesses)
    let scores = excesses.map { $0.nats / Self.spread($0.length, spreadLength) }.sorted()
    self.rate = rate
    lineCount = lines.count
    lineNats = line.intercept
    characterNats = line.slope
    self.spreadLength = spreadLength
    threshold = scores[lines.count - min(aboveCount, lines.count)]
  }

  /// The most that a line of so many characters may cost, in nats for each of them. Requires one character.
  public func limit(characterCount: Int) -> Double {
    require(characterCount > 0, "anomaly rule: a line of \(characterCount) characters")
    let length = Double(characterCount)
    return characterNats
      + (lineNats + threshold * Self.spread(length, spreadLength)) / length
  }

  /// Whether a line costs more than that. Requires one character.
  public func isAnomaly(characterCount: Int, nats: Double) -> Bool {
    require(characterCount > 0, "anomaly rule: a line of \(characterCount) characters")
    let length = Double(characterCount)
    let excess = nats - lineNats - characterNats * length
    return excess / Self.spread(length, spreadLength) > threshold
  }

  /// √(n + n²/k).
  private static func spread(_ length: Double, _ spreadLength: Double) -> Double {
    (length + length * length / spreadLength).squareRoot()
  }

  /// The k among powers of two and infinity with which a tenth of the shorter half of the lines, and a
  /// tenth of the longer half, are above the same multiple of the spread, or nearly so.
  private static func spreadLength(_ excesses: [(length: Double, nats: Double)]) -> Double {
    let halves = [excesses[..<(excesses.count / 2)], excesses[(excesses.count / 2)...]]
    var (best, leastRatio) = (Double.infinity, Double.infinity)
    for candidate in [Double.infinity] + (0...20).reversed().map({ Double(1 << $0) }) {
      let bounds = halves.map { half in
        let scores = half.map { $0.nats / spread($0.length, candidate) }.sorted()
        return scores.isEmpty ? 0 : scores[scores.count * 9 / 10]
      }
      guard bounds[0] > 0, bounds[1] > 0 else { continue }
      let ratio = max(bounds[0] / bounds[1], bounds[1] / bounds[0])
      if ratio < leastRatio { (best, leastRatio) = (candidate, ratio) }
    }
    return best
  }
}

extension AnomalyRule {
  /// The members of a JSON object that tells the rule.
  package var members: [(String, JSONValue)] {
    [
      ("rate", JSONValue(rate)), ("lines", JSONValue(lineCount)),
      ("line_nats", JSONValue(lineNats)), ("character_nats", JSONValue(characterNats)),
      ("spread_length", spreadLength.isFinite ? JSONValue(spreadLength) : .null),
      ("threshold", JSONValue(threshold)),
    ]
  }
}
