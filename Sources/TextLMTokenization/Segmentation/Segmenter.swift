/// Cuts text into the units that a model reads and writes one at a time.
///
/// Laws, which the tests check for every segmenter in `SegmenterRegistry.builtIn`:
/// - the units, one after another, are the text: each starts where the last one ended, the first at
///   0, and the last ends at the end;
/// - no unit is empty; the empty text has no units;
/// - lines can be cut alone: what stands before a line feed changes no unit behind it;
/// - units are as `kind` says, and none but those of bytes cuts a scalar;
/// - `isUnit` is true for each of them.
///
/// To add one: write it in a file beside this, and add its line to `SegmenterRegistry.builtIn`.
public protocol Segmenter: Sendable {
  /// What the command line and model files call the unit, such as `codepoint`.
  static var name: String { get }
  /// What the units are made of.
  static var kind: UnitKind { get }

  /// Makes the segmenter for texts of a locale: a BCP 47 tag such as `th` or `de-CH`; empty for none
  /// in particular. A segmenter that cuts alike everywhere takes any.
  ///
  /// - Throws: `TextError.unknownLocale`; `TextError.segmentationUnavailable` when ICU lacks what it
  ///   needs.
  init(locale: String) throws(TextError)

  /// The locale, for a segmenter that depends on it; otherwise empty.
  var locale: String { get }

  /// Gives the units of a text in batches: where the first of them starts, and where each ends, as
  /// byte offsets.
  ///
  /// In batches, so that what a unit costs is the segmenter's own work and no call.
  ///
  /// - Parameter text: Valid UTF-8.
  func forEachBatch(of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void)

  /// Whether a text can be a unit, for telling damaged vocabularies; when in doubt, yes.
  func isUnit(_ text: UTF8Text) -> Bool
}

extension Segmenter {
  /// Nothing depends on it.
  public var locale: String { "" }

  /// Whether the text, cut alone, stays whole.
  public func isUnit(_ text: UTF8Text) -> Bool {
    units(of: text).count == 1
  }

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

  /// Goes through a text with a function that appends the ends of the next units, at least one and
  /// as many as there is room for.
  ///
  /// - Parameter appendEnds: Takes where the next unit starts: 0, or the last end that it gave.
  public func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void,
    appendEnds: (_ start: Int, _ ends: inout OutputSpan<Int>) -> Void
  ) {
    var ends: [Int] = []
    var start = 0
    while start < text.count {
      ends.removeAll(keepingCapacity: true)
      ends.append(addingCapacity: 4096) { ends in appendEnds(start, &ends) }
      guard let end = ends.last, end > start else {
        preconditionFailure("segmenter \(Self.name): no unit at byte \(start) of \(text.count)")
      }
      body(start, ends.span)
      start = end
    }
  }
}
