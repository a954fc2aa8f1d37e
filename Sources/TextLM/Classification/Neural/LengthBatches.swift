/// Batches of texts of like lengths, so that little padding is read.
package struct LengthBatches {
  /// The most texts of a batch.
  package let rowLimit: Int
  /// The most steps of a batch, padding included, unless it is a single text.
  package let stepLimit: Int

  /// Batches within these limits, of at least 1 each.
  package init(rowLimit: Int, stepLimit: Int) {
    self.rowLimit = rowLimit
    self.stepLimit = stepLimit
  }

  /// The batches of texts in this order, each as the texts' numbers.
  func batches(of order: some Sequence<Int>, lengths: [Int]) -> [[Int]] {
    var (batches, batch, longest) = ([[Int]](), [Int](), 0)
    for index in order {
      let together = max(longest, lengths[index])
      if !batch.isEmpty, batch.count == rowLimit || together * (batch.count + 1) > stepLimit {
        batches.append(batch)
        (batch, longest) = ([], 0)
      }
      batch.append(index)
      longest = max(longest, lengths[index])
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }

  /// All texts from the shortest to the longest.
  package func sorted(_ lengths: [Int]) -> [[Int]] {
    batches(of: lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }, lengths: lengths)
  }

  /// All texts in a random order: sorted by length within stretches of so many batches, and the batches
  /// shuffled.
  package func shuffled(_ lengths: [Int], random: RandomSource) -> [[Int]] {
    var random = random
    let order = random.shuffled(lengths.indices)
    let stretch = Self.batchesTogether * rowLimit
    let all = stride(from: 0, to: order.count, by: stretch).flatMap { start in
      let part = order[start..<min(start + stretch, order.count)]
      return batches(of: part.sorted { (lengths[$0], $0) < (lengths[$1], $1) }, lengths: lengths)
    }
    return random.shuffled(all)
  }

  private static let batchesTogether = 50
}
