extension LabelSet {
  /// Weights under which each class counts as much as the others, however many texts it has.
  ///
  ///     weight of class k = N / (K · n_k)
  ///
  /// with n_k texts of class k, N = Σ n_k and K classes that have texts, so that the mean weight of
  /// a text is 1. With several labels a text, N counts a text once for each of its labels. A class
  /// without texts has weight 0. Reference: Gary King and Langche Zeng, "Logistic Regression in Rare
  /// Events Data", 2001.
  ///
  /// - Parameter classes: The classes of each text, such as `LabelledTruth.classes`.
  public func balancedWeights(_ classes: some Sequence<[Int]>) -> [Double] {
    var counts = [Int](repeating: 0, count: count)
    for text in classes { for index in text { counts[index] += 1 } }
    let total = Double(counts.reduce(0, +))
    let present = Double(counts.count { $0 > 0 })
    return counts.map { $0 == 0 ? 0 : total / (present * Double($0)) }
  }
}
