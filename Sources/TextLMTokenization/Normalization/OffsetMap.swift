/// Where the bytes of a text come from in the text that it was made of.
///
/// Only what changed is stored, in layers: one for each step that changed anything, the first step
/// first. A place between two edits is a place of the text before, moved by what the edits added.
public struct OffsetMap: Sendable, Equatable {
  /// Bytes that became other bytes: an empty output for a deletion, an empty input for an insertion.
  public struct Edit: Sendable, Equatable {
    /// Where they were.
    public var input: Range<Int>
    /// Where they are.
    public var output: Range<Int>

    /// Takes both ranges.
    public init(input: Range<Int>, output: Range<Int>) {
      self.input = input
      self.output = output
    }
  }

  /// The edits of each step, in the order of the text.
  private var layers: [[Edit]] = []

  /// The map of a text to itself.
  public init() {}

  /// Whether no step has changed anything.
  public var isIdentity: Bool { layers.isEmpty }

  /// Adds a step after those so far, whose edits are in order and do not touch twice.
  public mutating func append(_ edits: [Edit]) {
    if !edits.isEmpty { layers.append(edits) }
  }

  /// Adds the steps of another map, made of the text that this one leads to.
  public mutating func append(_ next: OffsetMap) {
    layers += next.layers
  }

  /// The bytes that a range of the made text comes from.
  ///
  /// A range that touches an edit takes in all that the edit replaced; what was deleted beside a
  /// range does not belong to it. An empty range, and one of inserted text only, gives an empty one.
  public func source(of range: Range<Int>) -> Range<Int> {
    layers.reversed().reduce(range) { range, edits in
      if range.isEmpty {
        let place = Self.end(range.lowerBound, edits)
        return place..<place
      }
      let start = Self.start(range.lowerBound, edits)
      return start..<max(start, Self.end(range.upperBound, edits))
    }
  }

  /// Where the text that starts at an offset came from.
  private static func start(_ offset: Int, _ edits: [Edit]) -> Int {
    // The first edit behind the offset; those that end at it lie before.
    let index = edits.partitioningIndex { $0.output.lowerBound > offset }
    guard index > 0 else { return offset }
    let edit = edits[index - 1]
    return offset < edit.output.upperBound
      ? edit.input.lowerBound : edit.input.upperBound + offset - edit.output.upperBound
  }

  /// Where the text that ends at an offset came from.
  private static func end(_ offset: Int, _ edits: [Edit]) -> Int {
    // The first edit whose output is at the offset or behind it: not part of what ends there.
    let index = edits.partitioningIndex { $0.output.lowerBound >= offset }
    guard index > 0 else { return offset }
    let edit = edits[index - 1]
    return offset <= edit.output.upperBound
      ? edit.input.upperBound : edit.input.upperBound + offset - edit.output.upperBound
  }
}

extension Array {
  /// The index of the first element for which a condition holds that holds for all behind it too.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
