/// How often each unit occurs in the texts seen so far, in bounded memory.
///
/// Scalars are counted one and all. Of longer units there is no end, so that the rarest are let go
/// when there are too many: those counted once, then those counted twice, and so on.
public struct UnitCounts: Sendable {
  /// The most different units of several scalars that are counted side by side.
  public static let sequenceLimit = 4 << 20
  /// The most bytes that those units have together.
  static let byteLimit = 64 << 20

  /// The units counted, those that were let go included.
  public private(set) var total = 0
  /// How many times units were let go.
  public private(set) var droppedCount = 0

  private var scalars = ScalarMap(repeating: 0)
  private var sequences = UnitTable()
  private var sequenceCounts: [Int] = []
  private let sequenceLimit: Int

  /// Makes counts of nothing.
  public init() {
    self.init(sequenceLimit: Self.sequenceLimit)
  }

  /// Makes counts of nothing, with a limit of one's own on the units of several scalars.
  package init(sequenceLimit: Int) {
    self.sequenceLimit = sequenceLimit
  }

  /// Counts the units of one more text, which is prepared already.
  public mutating func add(_ text: UTF8Text, segmenter: some Segmenter) {
    let bytes = text.bytes.span
    switch type(of: segmenter).kind {
    case .byte: total += bytes.count
    case .scalar: addScalars(of: bytes)
    case .sequence:
      segmenter.forEachBatch(of: bytes) { start, ends in addUnits(of: bytes, start, ends) }
    }
  }

  /// The number of different units that are counted now.
  public var distinctCount: Int {
    var count = sequences.count
    scalars.forEachValue { _, occurrences in count += occurrences > 0 ? 1 : 0 }
    return count
  }

  private mutating func addScalars(of text: Span<UInt8>) {
    // Most text is mostly ASCII, and a small table of counters is all that it needs.
    var ascii = [Int](repeating: 0, count: 128)
    var counters = ascii.mutableSpan
    var offset = 0
    while offset < text.count {
      let byte = text[unchecked: offset]
      if byte < 0x80 {
        counters[unchecked: Int(byte)] += 1
        offset += 1
      } else {
        scalars[UTF8Scalar.value(in: text, at: offset)] += 1
        offset += UTF8Scalar.length(leadByte: byte)
        total += 1
      }
    }
    for (scalar, count) in ascii.enumerated() where count > 0 {
      scalars[UInt32(scalar)] += count
      total += count
    }
  }

  private mutating func addUnits(of text: Span<UInt8>, _ start: Int, _ ends: Span<Int>) {
    var start = start
    for index in ends.indices {
      let end = ends[index]
      if end - start == UTF8Scalar.length(leadByte: text[start]) {
        scalars[UTF8Scalar.value(in: text, at: start)] += 1
      } else {
        let (index, isNew) = sequences.insert(text, start, end)
        if isNew {
          sequenceCounts.append(1)
          if sequences.count > sequenceLimit || sequences.bytes.count > Self.byteLimit { drop() }
        } else {
          sequenceCounts[index] += 1
        }
      }
      start = end
    }
    total += ends.count
  }

  /// Lets go of the rarest units, until a quarter of the room is free.
  private mutating func drop() {
    var least = 1
    repeat {
      var kept = UnitTable()
      var counts: [Int] = []
      for (index, count) in sequenceCounts.enumerated() where count > least {
        let range = sequences.range(index)
        _ = kept.insert(sequences.bytes.span, range.lowerBound, range.upperBound)
        counts.append(count)
      }
      droppedCount += sequences.count - kept.count
      sequences = kept
      sequenceCounts = counts
      least += 1
    } while sequences.count * 4 > sequenceLimit * 3
      || sequences.bytes.count * 4 > Self.byteLimit * 3
  }

  /// The units and their counts, the most frequent first, those of equal count by code points.
  var ranked: [(unit: [UInt8], count: Int)] {
    var all = sequenceCounts.enumerated().map { index, count in
      (unit: Array(sequences.bytes[sequences.range(index)]), count: count)
    }
    scalars.forEachValue { value, count in
      if count > 0, let scalar = Unicode.Scalar(value) {
        all.append((unit: Array(scalar.utf8), count: count))
      }
    }
    // The order of UTF-8 bytes is the order of code points.
    return all.sorted { left, right in
      left.count != right.count
        ? left.count > right.count : left.unit.lexicographicallyPrecedes(right.unit)
    }
  }
}
