/// Finds the first of several stop texts in a text that comes in pieces.
///
/// What may be the beginning of one is held back.
package struct StopWatcher: Sendable {
  /// Bytes of the text that are certainly in front of its end.
  package private(set) var releasedCount = 0
  /// Where the stop texts begin, in bytes, that ended first, the one that began first in front; empty while
  /// none has come.
  package private(set) var ends: [Int] = []
  /// Where the first of them begins.
  package var end: Int? { ends.first }

  private let stops: [[UInt8]]
  /// The bytes that are held back, and those of the present piece.
  private var held: [UInt8] = []

  /// Requires texts of one byte or more.
  package init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }
  }

  /// Reads on. What comes behind an end is read as if there had been none.
  package mutating func append(_ text: UTF8Text) {
    ends = []
    for byte in text.bytes {
      held.append(byte)
      guard ends.isEmpty else { continue }
      let lengths = stops.filter { held.suffix($0.count).elementsEqual($0) }.map(\.count)
      // The longest began first.
      ends = lengths.sorted(by: >).map { releasedCount + held.count - $0 }
    }
    let kept = stops.map(keptCount).max() ?? 0
    releasedCount += held.count - kept
    held.removeFirst(held.count - kept)
  }

  /// The longest ending of what is held that a stop text begins with, and is not all of it.
  private func keptCount(_ stop: [UInt8]) -> Int {
    var length = min(stop.count - 1, held.count)
    while !held.suffix(length).elementsEqual(stop.prefix(length)) { length -= 1 }
    return length
  }
}
