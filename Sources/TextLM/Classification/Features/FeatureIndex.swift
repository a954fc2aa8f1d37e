/// The features that a model knows, numbered by their keys in ascending order.
///
/// A key is looked up among those with the same upper bits, of which there are few: in O(1) for the
/// keys of features, and in O(log n) for keys that somebody has chosen to be close together.
struct FeatureIndex: Sendable {
  /// The keys, ascending.
  let keys: [UInt64]
  /// Where each block of features ends.
  let blockEnds: [Int]
  private let shift: UInt64
  /// For each value of the upper bits, where its keys begin, and at last their number.
  private let starts: [Int32]

  /// Takes keys in ascending order, at most `Int32.max`.
  init(ascending keys: [UInt64]) {
    let bits = max(8, min(28, Int.bitWidth - keys.count.leadingZeroBitCount))
    let shift = UInt64(64 - bits)
    var starts: [Int32] = []
    starts.reserveCapacity(1 << bits + 1)
    for (place, key) in keys.enumerated() {
      while starts.count <= Int(key >> shift) { starts.append(Int32(place)) }
    }
    while starts.count <= 1 << bits { starts.append(Int32(keys.count)) }
    self.keys = keys
    self.shift = shift
    self.starts = starts
    blockEnds = FeatureKey.Block.allCases.map { block in
      block.rawValue == FeatureKey.Block.allCases.count - 1
        ? keys.count : Self.place(of: FeatureKey.first(of: block.rawValue + 1), in: keys)
    }
  }

  /// The number of features.
  var count: Int { keys.count }

  /// The number of a feature; nil for one that is not known.
  @inline(__always)
  func number(of key: UInt64) -> Int32? {
    let bucket = Int(key >> shift)
    var (low, high) = (starts[bucket], starts[bucket + 1])
    while low < high {
      let middle = low + (high - low) / 2
      if keys[Int(middle)] < key { low = middle + 1 } else { high = middle }
    }
    return low < starts[bucket + 1] && keys[Int(low)] == key ? low : nil
  }

  /// The known features of a text, ascending, each once.
  func numbers(of text: FeatureText, _ configuration: NGramFeatureConfiguration) -> [Int32] {
    var numbers: [Int32] = []
    numbers.reserveCapacity(8 * text.scalars.count)
    text.forEachFeature(configuration) { key, _, _ in
      if let number = number(of: key) { numbers.append(number) }
    }
    numbers.sort()
    numbers.removeRepeats()
    return numbers
  }

  /// The place of the first key that is not below a given one.
  private static func place(of key: UInt64, in keys: [UInt64]) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Array where Element: Equatable {
  /// Leaves one of equal neighbours.
  mutating func removeRepeats() {
    guard count > 1 else { return }
    var kept = 0
    for place in 1..<count where self[place] != self[kept] {
      kept += 1
      self[kept] = self[place]
    }
    removeLast(count - kept - 1)
  }
}
