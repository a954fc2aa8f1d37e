extension NGramCounts {
  /// The levels with probabilities and weights, by interpolated modified Kneser-Ney smoothing.
  ///
  /// With the counts c and the discounts D of a length, h a context, h' the context without its
  /// first token, and sums over all tokens,
  ///
  /// ```
  /// p(w | h) = (c(h w) − D(c(h w))) / Σ c(h ·) + γ(h) p(w | h')
  /// γ(h) = Σ D(c(h ·)) / Σ c(h ·)
  /// ```
  ///
  /// and behind the empty context what is taken off is spread equally over all tokens, so that each
  /// has a probability above 0.
  ///
  /// Reference: Stanley F. Chen and Joshua Goodman, "An Empirical Study of Smoothing Techniques for
  /// Language Modeling", Computer Speech and Language 13, 1999.
  func smoothed() -> [NGramLevel] {
    var levels = self.levels
    levels[0].probabilities = firstProbabilities()
    // The place of each n-gram without its first token, a level below.
    var links: [Int32] = []
    for index in levels.indices.dropFirst() {
      let (counts, discounts) = (self.counts[index], Self.discounts(of: self.counts[index]))
      let (shorter, level) = (levels[index - 1], levels[index])
      var backoffs = [Float](repeating: 1, count: shorter.tokens.count)
      var probabilities = [Float](repeating: 0, count: level.tokens.count)
      var own = [Int32](repeating: 0, count: level.tokens.count)
      for node in shorter.tokens.indices {
        let children = shorter.children(of: node)
        guard !children.isEmpty else { continue }
        var (total, taken) = (0.0, 0.0)
        for child in children {
          total += Double(counts[child])
          taken += discounts.discount(of: counts[child])
        }
        let backoff = taken / total
        backoffs[node] = Float(backoff)
        var place = index == 1 ? 0 : Int(levels[index - 2].children[Int(links[node])])
        for child in children {
          let token = level.tokens[child]
          if index == 1 {
            place = Int(token)
          } else {
            while shorter.tokens[place] != token { place += 1 }
          }
          own[child] = Int32(place)
          let count = counts[child]
          let kept = (Double(count) - discounts.discount(of: count)) / total
          probabilities[child] = Float(kept + backoff * Double(shorter.probabilities[place]))
        }
      }
      levels[index - 1].backoffs = backoffs
      levels[index].probabilities = probabilities
      links = own
    }
    return levels
  }

  /// The probabilities of tokens behind nothing.
  private func firstProbabilities() -> [Float] {
    let counts = self.counts[0]
    let discounts = Self.discounts(of: counts)
    let seen = counts.filter { $0 > 0 }
    let total = seen.reduce(0.0) { $0 + Double($1) }
    let taken = seen.reduce(0.0) { $0 + discounts.discount(of: $1) }
    let share = taken / total / Double(counts.count)
    return counts.map { count in
      Float(count == 0 ? share : (Double(count) - discounts.discount(of: count)) / total + share)
    }
  }

  private static func discounts(of counts: [Int32]) -> NGramDiscounts {
    var countsOfCounts = [0, 0, 0, 0]
    for count in counts where (1...4).contains(count) { countsOfCounts[Int(count) - 1] += 1 }
    return NGramDiscounts(countsOfCounts: countsOfCounts)
  }
}
