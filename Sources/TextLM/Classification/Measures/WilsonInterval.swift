/// How far a part that was counted may be from the part that would be found in ever more texts of the kind.
///
/// Wilson's score interval, which stays within 0 ... 1 and is right for parts near both ends and for few
/// texts, where the one of textbooks, p ± 1.96 √(p (1 − p) / n), is not:
///
/// ```
/// (p + z²/2n ± z √(p (1 − p) / n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// Reference: Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// Journal of the American Statistical Association 22, 1927.
public enum WilsonInterval {
  /// z: the deviations from the mean within which 95 % of a normal distribution are.
  static let deviations = 1.959963984540054

  /// The 95 % interval of a part of `count` in `total`; nil where `total` is 0.
  public static func interval(_ count: Int, of total: Int) -> ClosedRange<Double>? {
    require((0...total).contains(count), "interval of a part: \(count) of \(total)")
    guard total > 0 else { return nil }
    let (size, square) = (Double(total), deviations * deviations)
    let part = Double(count) / size
    let scale = 1 + square / size
    let center = (part + square / (2 * size)) / scale
    let reach =
      deviations * (part * (1 - part) / size + square / (4 * size * size)).squareRoot() / scale
    // At the ends the bounds are 0 and 1, but for rounding.
    let low = count == 0 ? 0 : center - reach
    return low...(count == total ? 1 : center + reach)
  }
}
