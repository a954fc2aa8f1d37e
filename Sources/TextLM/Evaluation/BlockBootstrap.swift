/// How far a cost per character could be another by the choice of the text alone.
///
/// A text is cut into blocks of consecutive characters, because what characters cost is alike where they are
/// near each other. Blocks are drawn with replacement, as many as there are, again and again; the bounds of
/// the middle 95 % of the ratios of such texts are the interval.
///
/// References: Bradley Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics
/// 7, 1979; for blocks, Hans R. Künsch, "The Jackknife and the Bootstrap for General Stationary
/// Observations", Annals of Statistics 17, 1989.
public enum BlockBootstrap {
  /// Texts that are drawn.
  public static let resampleCount = 5000
  /// The seed of the draws: the same blocks give the same interval.
  public static let seed: UInt64 = 1

  /// The 95 % interval of Σ cost / Σ size over blocks; nil of fewer than two.
  public static func interval(
    _ blocks: [(cost: Double, size: Double)]
  ) -> ClosedRange<Double>? {
    guard blocks.count >= 2 else { return nil }
    let blocks = joined(blocks)
    var random = RandomSource(seed: seed).stream("bootstrap")
    let ratios = (0..<resampleCount).map { _ in
      var (cost, size) = (0.0, 0.0)
      for _ in blocks.indices {
        let block = blocks[random.nextInt(below: blocks.count)]
        cost += block.cost
        size += block.size
      }
      return cost / size
    }.sorted()
    let cut = resampleCount / 40  // 2.5 % on either side
    return ratios[cut]...ratios[resampleCount - 1 - cut]
  }

  /// More blocks than this are joined with their neighbours: they tell no more, and take longer.
  private static let mostBlocks = 2000

  private static func joined(
    _ blocks: [(cost: Double, size: Double)]
  ) -> [(cost: Double, size: Double)] {
    let count = (blocks.count + mostBlocks - 1) / mostBlocks
    guard count > 1 else { return blocks }
    return stride(from: 0, to: blocks.count, by: count).map { first in
      blocks[first..<min(first + count, blocks.count)].reduce((cost: 0, size: 0)) {
        (cost: $0.cost + $1.cost, size: $0.size + $1.size)
      }
    }
  }
}
