/// Where the rows of a batch are cut into windows, epoch by epoch.
///
/// Gradients end at cuts, so that cuts which are always in the same places hide from a model what
/// lies across them.
public struct WindowRule: Sendable, Equatable {
  /// Whether the first cut of each epoch is moved by a random number of steps.
  public var isOffsetRandom: Bool
  /// Whether the windows' lengths are random: normal around the given length with a standard deviation
  /// of 5, and around half of it for one window in twenty, but 5 at least. The learning rate of a
  /// window is then in proportion to its length.
  ///
  /// Reference: Stephen Merity, Nitish Shirish Keskar and Richard Socher, "Regularizing and
  /// Optimizing LSTM Language Models", 2018, section 5.
  public var isLengthRandom: Bool
  /// Whether an epoch's windows are read in a random order, each as if nothing came before it, instead
  /// of one behind the other. They are then equally long.
  public var isShuffled: Bool

  /// A rule; by default windows are equally long, always in the same places and in order.
  public init(
    isOffsetRandom: Bool = false, isLengthRandom: Bool = false, isShuffled: Bool = false
  ) {
    precondition(!(isLengthRandom && isShuffled), "shuffled windows are equally long")
    self.isOffsetRandom = isOffsetRandom
    self.isLengthRandom = isLengthRandom
    self.isShuffled = isShuffled
  }

  /// Where the windows of an epoch that is read in order end, one after the other; the first begins at 0 and the last ends at
  /// `length`.
  ///
  /// - Parameters:
  ///   - length: Predictions in each row.
  ///   - sequenceLength: Steps of a window, or about so many.
  ///   - random: Decides; the same for the same epoch.
  public func windowEnds(
    length: Int, sequenceLength: Int, random: RandomSource
  ) -> [Int] {
    var random = random
    var ends: [Int] = []
    if isOffsetRandom {
      let offset = random.nextInt(below: sequenceLength)
      if offset > 0, offset < length { ends.append(offset) }
    }
    while (ends.last ?? 0) < length {
      ends.append(min(length, (ends.last ?? 0) + nextLength(sequenceLength, &random)))
    }
    return ends
  }

  private func nextLength(_ sequenceLength: Int, _ random: inout RandomSource) -> Int {
    guard isLengthRandom else { return sequenceLength }
    let mean = random.nextUniform() < 0.95 ? Double(sequenceLength) : Double(sequenceLength) / 2
    return max(5, Int((mean + 5 * random.nextNormal()).rounded()))
  }
}
