/// Counts in how many texts each feature is.
///
/// Keys are gathered, sorted and merged with those before, so that memory is in proportion to the
/// number of different features.
struct FeatureCounts {
  /// The keys so far, ascending.
  private var keys: [UInt64] = []
  /// The number of texts of each.
  private var counts: [Int32] = []
  private var pending: [UInt64] = []

  /// How many keys are gathered before they are merged.
  private static let pendingLimit = 1 << 22

  /// Counts the features of a text.
  mutating func add(_ text: FeatureText, _ configuration: NGramFeatureConfiguration) {
    var own: [UInt64] = []
    text.forEachFeature(configuration) { key, _, _ in own.append(key) }
    own.sort()
    own.removeRepeats()
    pending += own
    if pending.count >= max(Self.pendingLimit, keys.count) { merge() }
  }

  /// The features, or, of more than `limit`, those that most texts have; of those that as many
  /// texts have as the last of these, the ones of the lowest hashes.
  mutating func index(limit: Int) -> FeatureIndex {
    merge()
    guard keys.count > limit else { return FeatureIndex(ascending: keys) }
    let order = keys.indices.sorted { left, right in
      counts[left] != counts[right]
        ? counts[left] > counts[right] : keys[left] << 2 < keys[right] << 2
    }
    return FeatureIndex(ascending: order[..<limit].map { keys[$0] }.sorted())
  }

  private mutating func merge() {
    pending.sort()
    var merged: [UInt64] = []
    var mergedCounts: [Int32] = []
    merged.reserveCapacity(keys.count + pending.count / 4)
    mergedCounts.reserveCapacity(keys.count + pending.count / 4)
    var old = 0
    var next = 0
    while old < keys.count || next < pending.count {
      if next == pending.count || old < keys.count && keys[old] < pending[next] {
        merged.append(keys[old])
        mergedCounts.append(counts[old])
        old += 1
      } else {
        let key = pending[next]
        var count: Int32 = 0
        if old < keys.count, keys[old] == key {
          count = counts[old]
          old += 1
        }
        while next < pending.count, pending[next] == key {
          count += 1
          next += 1
        }
        merged.append(key)
        mergedCounts.append(count)
      }
    }
    keys = merged
    counts = mergedCounts
    pending.removeAll(keepingCapacity: true)
  }
}
