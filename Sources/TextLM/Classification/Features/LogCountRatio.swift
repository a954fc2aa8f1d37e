#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much more often each feature comes in texts of which something is true than in the others.
///
///     r_j = ln (p_j / Σ p) − ln (q_j / Σ q),   p_j = 1 + texts with j of which it is true,
///                                              q_j = 1 + texts with j of which it is false
///
/// with sums over the features of a block. A linear model of features that have these values in
/// place of 1 starts where naive Bayes is, and its penalty lets features go far that say much. The
/// values of a block are scaled so that their mean square over the features of texts is 1.
///
/// Reference: Sida Wang and Christopher Manning, "Baselines and Bigrams: Simple, Good Sentiment and
/// Topic Classification", 2012.
struct LogCountRatio {
  /// r, [F]; 0 for features that no text has.
  let values: [Double]

  init(_ rows: FeatureRows, texts: [Int], isTrue: [Bool], blockEnds: [Int]) {
    let positive = rows.counts(in: texts) { isTrue[$0] }
    let negative = rows.counts(in: texts) { !isTrue[$0] }
    var values = [Double](repeating: 0, count: rows.featureCount)
    var begin = 0
    for end in blockEnds {
      var (positives, negatives) = (0.0, 0.0)
      for place in begin..<end where positive[place] + negative[place] > 0 {
        positives += 1 + Double(positive[place])
        negatives += 1 + Double(negative[place])
      }
      let shift = begin < end && positives > 0 ? log(negatives / positives) : 0
      var (square, total) = (0.0, 0.0)
      for place in begin..<end {
        let count = Double(positive[place] + negative[place])
        guard count > 0 else { continue }
        let ratio = log((1 + Double(positive[place])) / (1 + Double(negative[place]))) + shift
        values[place] = ratio
        square += count * ratio * ratio
        total += count
      }
      // Where all ratios are the same, nothing is left of them but how they were rounded.
      if square > 1e-20 * total {
        let scale = (total / square).squareRoot()
        for place in begin..<end { values[place] *= scale }
      } else {
        for place in begin..<end { values[place] = 0 }
      }
      begin = end
    }
    self.values = values
  }
}
