#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether one classifier is right more often than another on the same texts, or whether chance explains it.
///
/// Only texts count of which one of the two is right and the other wrong. Were both as good, each would win
/// half of these. Of fewer than 25 the probability is that of the binomial distribution, on both sides; of
/// more, that of chi-squared with one degree of freedom and Edwards' correction for continuity:
///
/// ```
/// χ² = max(0, |b − c| − 1)² / (b + c)    p = erfc(√(χ² / 2))
/// ```
///
/// What chance in the training does, it does not say.
///
/// References: Quinn McNemar, "Note on the sampling error of the difference between correlated
/// proportions or percentages", Psychometrika 12, 1947; Allen L. Edwards, "Note on the 'correction for
/// continuity' in testing the significance of the difference between correlated proportions", Psychometrika
/// 13, 1948.
public struct McNemarTest: Sendable, Equatable {
  /// What the test says at the level of 5 %.
  public enum Verdict: String, Sendable {
    /// The first classifier is right more often.
    case first
    /// The second is.
    case second
    /// The texts do not tell.
    case undecided
  }

  /// As many disagreements, and more, are left to chi-squared.
  public static let fewestForChiSquared = 25
  /// Below this probability chance does not explain the difference.
  public static let level = 0.05

  /// All texts.
  public let textCount: Int
  /// b: texts that only the first classifier is right about.
  public let firstOnlyCount: Int
  /// c: texts that only the second is right about.
  public let secondOnlyCount: Int
  /// χ²; nil where the test is the exact one.
  public let chiSquared: Double?
  /// How probable a difference of this size or a greater one is, were both as good; 1 where they never
  /// disagree.
  public let pValue: Double

  /// Compares by whether each classifier is right about each text.
  public init(firstIsRight: [Bool], secondIsRight: [Bool]) {
    require(
      firstIsRight.count == secondIsRight.count,
      "McNemar's test: \(firstIsRight.count) texts and \(secondIsRight.count) texts")
    textCount = firstIsRight.count
    firstOnlyCount = zip(firstIsRight, secondIsRight).count { $0 && !$1 }
    secondOnlyCount = zip(firstIsRight, secondIsRight).count { !$0 && $1 }
    let count = firstOnlyCount + secondOnlyCount
    if count < Self.fewestForChiSquared {
      chiSquared = nil
      pValue = Self.binomial(min(firstOnlyCount, secondOnlyCount), of: count)
    } else {
      let difference = max(0, Double(abs(firstOnlyCount - secondOnlyCount)) - 1)
      let square = difference * difference / Double(count)
      chiSquared = square
      pValue = erfc((square / 2).squareRoot())
    }
  }

  /// Which classifier is better, where chance does not explain it.
  public var verdict: Verdict {
    guard pValue < Self.level else { return .undecided }
    return firstOnlyCount > secondOnlyCount ? .first : .second
  }

  /// How probable it is that of `count` throws of a coin one side or the other comes `fewer` times or less.
  private static func binomial(_ fewer: Int, of count: Int) -> Double {
    // Below 2^25, and so exact.
    var (choices, sum) = (1.0, 0.0)
    for taken in 0...fewer {
      sum += choices
      choices *= Double(count - taken) / Double(taken + 1)
    }
    return min(1, 2 * sum / Double(1 << count))
  }
}

extension McNemarTest {
  /// The JSON of a comparison of two classifiers.
  public var json: JSONValue {
    [
      "texts": JSONValue(textCount), "first_only_right": JSONValue(firstOnlyCount),
      "second_only_right": JSONValue(secondOnlyCount),
      "chi_squared": chiSquared.map { JSONValue($0) } ?? .null, "p_value": JSONValue(pValue),
      "verdict": JSONValue(verdict.rawValue),
    ]
  }
}
