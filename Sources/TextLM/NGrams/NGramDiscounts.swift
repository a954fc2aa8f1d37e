/// What modified Kneser-Ney smoothing takes off the counts of n-grams of one length: one number for
/// those counted once, one for those counted twice, and one for all others.
///
/// With n_i, the number of n-grams counted i times, and Y = n₁ / (n₁ + 2 n₂),
///
/// ```
/// D_i = i − (i + 1) Y n_{i+1} / n_i,  i = 1, 2, 3
/// ```
///
/// A small text may have none that were counted i times; D_i is then 3 i / 4. In any case it is
/// held within i / 20 and i, so that there is always something to give to what was never seen.
///
/// Reference: Stanley F. Chen and Joshua Goodman, "An Empirical Study of Smoothing Techniques for
/// Language Modeling", Computer Speech and Language 13, 1999, equations 17 and 26.
struct NGramDiscounts: Sendable, Equatable {
  /// D₁, D₂ and D₃.
  let values: [Double]

  /// The discounts for n₁ to n₄.
  init(countsOfCounts counts: [Int]) {
    precondition(counts.count == 4, "n-gram discounts: \(counts.count) counts of counts, not 4")
    let counts = counts.map(Double.init)
    let both = counts[0] + 2 * counts[1]
    let ratio = both > 0 ? counts[0] / both : 0
    values = (1...3).map { times in
      let count = Double(times)
      guard counts[times - 1] > 0, ratio > 0 else { return 0.75 * count }
      let discount = count - (count + 1) * ratio * counts[times] / counts[times - 1]
      return min(max(discount, 0.05 * count), count)
    }
  }

  /// What is taken off a count of `count`, which is 1 or more.
  func discount(of count: Int32) -> Double { values[Int(min(count, 3)) - 1] }
}
