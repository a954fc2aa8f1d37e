/// The beginnings of stop texts that a text ends with, as far as it may end in front of them.
///
/// A stop text is not written, so that constraints do not speak of it: where the text satisfies them, what
/// comes may be the stop text even if they exclude it. Sets of places within stop texts have numbers.
struct StopTails {
  /// A place within a stop text.
  private struct Place: Hashable {
    let stop: Int
    /// Bytes in front of it.
    let byteCount: Int
  }

  /// The set without places.
  static let none: Int32 = 0
  /// A stop text is whole.
  static let whole: Int32 = -1

  private let stops: [[UInt8]]
  private var sets: [[Place]] = [[]]
  private var numbers: [[Place]: Int32] = [[]: StopTails.none]

  /// Takes the texts in UTF-8.
  init(_ stops: [[UInt8]]) {
    self.stops = stops
  }

  /// The set behind a token's bytes; with `mayBegin` stop texts may begin in front of them.
  mutating func next(_ set: Int32, _ bytes: [UInt8], mayBegin: Bool) -> Int32 {
    var open = set == Self.whole ? [] : sets[Int(set)]
    if mayBegin { open += stops.indices.map { Place(stop: $0, byteCount: 0) } }
    var places: [Place] = []
    for place in open {
      let rest = stops[place.stop].dropFirst(place.byteCount)
      guard rest.starts(with: bytes) else { continue }
      if rest.count == bytes.count { return Self.whole }
      places.append(Place(stop: place.stop, byteCount: place.byteCount + bytes.count))
    }
    if let number = numbers[places] { return number }
    let number = Int32(sets.count)
    numbers[places] = number
    sets.append(places)
    return number
  }
}
