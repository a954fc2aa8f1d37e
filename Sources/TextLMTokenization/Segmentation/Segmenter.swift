/// Cuts text into the units that a model reads and writes one at a time.
///
/// Laws, which the tests check for every segmenter in `SegmenterRegistry.builtIn`:
/// - the units, one after another, are the text: each starts where the last one ended, the first at
///   0, and the last ends at the end;
/// - no unit is empty; the empty text has no units;
/// - a unit by itself is one unit;
/// - going on from the end of any unit gives the units that follow it.
///
/// To add one: write it in a file beside this, and add its line to `SegmenterRegistry.builtIn`.
public protocol Segmenter: Sendable {
  /// What the command line and model files call the unit, such as `codepoint`.
  static var name: String { get }

  /// Makes the segmenter; one with settings to remember would be two segmenters with two names.
  init()

  /// Appends the ends of the next units, as byte offsets, until `ends` is full or the text has
  /// ended.
  ///
  /// In batches, so that what a unit costs is the segmenter's own work and no call.
  ///
  /// - Parameters:
  ///   - text: The whole text, valid UTF-8.
  ///   - start: Where the next unit starts: 0, or the end of a unit given before.
  ///   - ends: Has room for at least one unit.
  func appendUnitEnds(of text: Span<UInt8>, from start: Int, to ends: inout OutputSpan<Int>)
}

extension Segmenter {
  /// The units of a text, as ranges of its bytes.
  public func units(of text: UTF8Text) -> [Range<Int>] {
    var units: [Range<Int>] = []
    forEachBatch(of: text.bytes.span) { start, ends in
      var start = start
      for index in ends.indices {
        units.append(start..<ends[index])
        start = ends[index]
      }
    }
    return units
  }

  /// Calls `body` with the start of a batch of units and their ends, batch after batch.
  func forEachBatch(of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void) {
    var ends: [Int] = []
    var start = 0
    while start < text.count {
      ends.removeAll(keepingCapacity: true)
      ends.append(addingCapacity: 4096) { ends in
        appendUnitEnds(of: text, from: start, to: &ends)
      }
      guard let end = ends.last, end > start else {
        preconditionFailure("segmenter \(Self.name): no unit at byte \(start) of \(text.count)")
      }
      body(start, ends.span)
      start = end
    }
  }
}
