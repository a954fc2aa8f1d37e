/// How often each unit occurs in the texts seen so far.
public struct UnitCounts: Sendable {
  private var scalars = ScalarMap(repeating: 0)
  private var sequences: [[UInt8]: Int] = [:]

  /// Makes counts of nothing.
  public init() {}

  /// Counts the units of one more text, which is normalized already.
  public mutating func add(_ text: UTF8Text, segmenter: some Segmenter) {
    let bytes = text.bytes.span
    segmenter.forEachBatch(of: bytes) { start, ends in
      var start = start
      for index in ends.indices {
        let end = ends[index]
        if end - start == UTF8Scalar.length(leadByte: bytes[start]) {
          scalars[UTF8Scalar.value(in: bytes, at: start)] += 1
        } else {
          sequences[Array(text.bytes[start..<end]), default: 0] += 1
        }
        start = end
      }
    }
  }

  /// The units and their counts, the most frequent first, those of equal count by code points.
  var ranked: [(unit: [UInt8], count: Int)] {
    var all = sequences.map { (unit: $0.key, count: $0.value) }
    for value in UInt32(0)...0x10FFFF where scalars[value] > 0 {
      if let scalar = Unicode.Scalar(value) {
        all.append((unit: Array(scalar.utf8), count: scalars[value]))
      }
    }
    // The order of UTF-8 bytes is the order of code points.
    return all.sorted { left, right in
      left.count != right.count
        ? left.count > right.count : left.unit.lexicographicallyPrecedes(right.unit)
    }
  }
}
