/// Where the bytes of a text come from in the file that it was read from.
///
/// Stretches in which every scalar took equally many bytes on both sides are one entry, so that
/// plain UTF-8 is a single one and UTF-16 in one script hardly more.
public struct SourceMap: Sendable, Equatable {
  /// Scalars of `textStep` bytes that took `sourceStep` bytes each; a stretch that was copied byte
  /// by byte has steps of 1.
  struct Run: Sendable, Equatable {
    var text: Int
    var source: Int
    var textStep: Int
    var sourceStep: Int
  }

  /// In the order of the text, each up to where the next begins.
  private(set) var runs: [Run] = []
  /// The end of the last one, in the text.
  private(set) var textEnd = 0
  /// The end of the last one, in the source.
  private var sourceEnd = 0

  /// Makes the map of nothing.
  init() {}

  /// Adds `textCount` bytes that are scalars of `textStep` bytes and took `sourceStep` each, from
  /// `source` on.
  mutating func append(textCount: Int, source: Int, textStep: Int = 1, sourceStep: Int = 1) {
    let continues =
      runs.last.map {
        $0.textStep == textStep && $0.sourceStep == sourceStep && sourceEnd == source
      } ?? false
    if !continues {
      runs.append(
        Run(text: textEnd, source: source, textStep: textStep, sourceStep: sourceStep))
    }
    textEnd += textCount
    sourceEnd = source + textCount / textStep * sourceStep
  }

  /// The bytes of the source that a range of the text was made from: from the first byte of its
  /// first scalar through the last byte of its last. Wrong bytes that were skipped are counted only
  /// between two scalars.
  ///
  /// - Precondition: The range lies within the text.
  /// - Complexity: O(log n) in the number of stretches.
  public func sourceRange(of range: Range<Int>) -> Range<Int> {
    let start = offset(of: range.lowerBound, roundingUp: false)
    guard !range.isEmpty else { return start..<start }
    return start..<max(start, offset(of: range.upperBound, roundingUp: true))
  }

  /// The source of a place in the text; that of an end is looked for in the run before it.
  private func offset(of place: Int, roundingUp: Bool) -> Int {
    guard !runs.isEmpty else { return 0 }
    let run = runs[indexOfRun(at: roundingUp ? place - 1 : place)]
    let steps = (place - run.text + (roundingUp ? run.textStep - 1 : 0)) / run.textStep
    return run.source + steps * run.sourceStep
  }

  /// The last run that begins at or before a place; the first one where none does.
  private func indexOfRun(at place: Int) -> Int {
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].text <= place { low = middle } else { high = middle }
    }
    return low
  }

  /// The map of a part of the text, which begins at 0 again.
  func slice(_ range: Range<Int>) -> SourceMap {
    var part = SourceMap()
    var index = indexOfRun(at: range.lowerBound)
    while index < runs.count, runs[index].text < range.upperBound {
      let run = runs[index]
      index += 1
      let end = index < runs.count ? runs[index].text : textEnd
      let (from, to) = (max(run.text, range.lowerBound), min(end, range.upperBound))
      part.append(
        textCount: to - from,
        source: run.source + (from - run.text) / run.textStep * run.sourceStep,
        textStep: run.textStep, sourceStep: run.sourceStep)
    }
    return part
  }

  /// Forgets the text before a place, from which it is counted then.
  mutating func removeText(before place: Int) {
    let (textEnd, sourceEnd) = (textEnd, sourceEnd)
    self = slice(place..<textEnd)
    self.sourceEnd = sourceEnd
  }
}
