/// Different units, numbered from 0 in the order in which they came, and found by their bytes.
///
/// Open addressing over one array of slots: a look-up makes no array and follows no pointer per
/// unit. The hash depends on a number drawn for each process, so that no text can be made whose
/// units all collide; nothing that anybody sees depends on it.
struct UnitTable: Sendable {
  /// The units, end to end.
  private(set) var bytes: [UInt8] = []
  /// Where each of them ends.
  private(set) var ends: [Int] = []
  /// A power of two; at most three quarters are used.
  private var slots = [Slot](repeating: Slot(), count: 16)

  private struct Slot {
    var hash: UInt32 = 0
    /// The unit's number plus 1; 0 in an empty slot.
    var number: UInt32 = 0
  }

  /// The number of units.
  var count: Int { ends.count }

  /// The bytes of a unit, as a range of `bytes`.
  @inline(__always)
  func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// The number of the unit that is `text[start..<end]`; nil when it is not there.
  @inline(__always)
  func index(of text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let number = slots[slot(of: text, start, end, Self.hash(of: text, start, end))].number
    return number == 0 ? nil : Int(number) - 1
  }

  /// The number of the unit that is `text[start..<end]`, which is put in when it is not there.
  mutating func insert(
    _ text: Span<UInt8>, _ start: Int, _ end: Int
  ) -> (index: Int, isNew: Bool) {
    let hash = Self.hash(of: text, start, end)
    let place = slot(of: text, start, end, hash)
    let number = slots[place].number
    if number != 0 { return (Int(number) - 1, false) }
    for index in start..<end { bytes.append(text[unchecked: index]) }
    ends.append(bytes.count)
    slots[place] = Slot(hash: hash, number: UInt32(ends.count))
    if ends.count * 4 > slots.count * 3 { grow() }
    return (ends.count - 1, true)
  }

  /// The slot where the unit is, or the empty one where it would be.
  @inline(__always)
  private func slot(of text: Span<UInt8>, _ start: Int, _ end: Int, _ hash: UInt32) -> Int {
    let slots = slots.span
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while true {
      let slot = slots[unchecked: place]
      if slot.number == 0 { return place }
      if slot.hash == hash, isUnit(Int(slot.number) - 1, equalTo: text, start, end) {
        return place
      }
      place = (place + 1) & mask
    }
  }

  @inline(__always)
  private func isUnit(
    _ index: Int, equalTo text: Span<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    let range = range(index)
    guard range.count == end - start else { return false }
    let own = bytes.span
    for offset in 0..<range.count
    where own[unchecked: range.lowerBound + offset] != text[unchecked: start + offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot.number != 0 {
      var place = Int(slot.hash) & mask
      while slots[place].number != 0 { place = (place + 1) & mask }
      slots[place] = slot
    }
  }

  private static let seed = UInt64.random(in: 0...UInt64.max)
  private static let factor = UInt64.random(in: 0...UInt64.max) | 1

  @inline(__always)
  private static func hash(of text: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32 {
    let factor = factor
    var hash = seed
    for index in start..<end {
      hash = (hash ^ UInt64(text[unchecked: index])) &* factor
      hash ^= hash >> 29
    }
    return UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
