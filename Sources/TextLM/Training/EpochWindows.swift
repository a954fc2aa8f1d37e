/// The windows of one epoch, in the order in which training reads them.
struct EpochWindows {
  let epoch: Int
  /// Batches of windows, one for each row.
  let count: Int
  private let order: Order

  private enum Order {
    /// All are equally long but the last, which takes no memory however long the text is.
    case even(length: Int, sequenceLength: Int)
    /// Where they end.
    case uneven(ends: [Int])
    /// Equally long from `offset` on, `perRow` in each row of the streams.
    case shuffled(Permutation, offset: Int, perRow: Int, sequenceLength: Int)
  }

  init(
    epoch: Int, of streams: TokenStreams, sequenceLength: Int, _ settings: TrainerSettings
  ) {
    self.epoch = epoch
    let (rule, length) = (settings.windows, streams.length)
    var random = RandomSource(seed: settings.seed).stream("windows of epoch \(epoch)")
    if rule.isShuffled {
      let sequenceLength = max(1, min(sequenceLength, length))
      let offset =
        rule.isOffsetRandom
        ? random.nextInt(below: min(sequenceLength, length - sequenceLength + 1)) : 0
      count = max(1, (length - offset) / sequenceLength)
      order = .shuffled(
        Permutation(count: count * streams.starts.count, key: random.next()), offset: offset,
        perRow: count, sequenceLength: sequenceLength)
    } else if rule == WindowRule() {
      count = streams.windowCount(sequenceLength: sequenceLength)
      order = .even(length: length, sequenceLength: sequenceLength)
    } else {
      let ends = rule.windowEnds(length: length, sequenceLength: sequenceLength, random: random)
      count = ends.count
      order = .uneven(ends: ends)
    }
  }

  /// Steps of a row, or as many in all rows, that are read before batch `index`.
  func stepCount(before index: Int) -> Int {
    switch order {
    case .even(_, let sequenceLength), .shuffled(_, _, _, let sequenceLength):
      return index * sequenceLength
    case .uneven(let ends):
      return index > 0 ? ends[index - 1] : 0
    }
  }

  /// Inputs and targets of batch `index`, time-major.
  func read(_ index: Int, of streams: TokenStreams) -> (input: TokenBatch, targets: [TokenID]) {
    let start = stepCount(before: index)
    switch order {
    case .even(let length, let sequenceLength):
      return streams.window(start..<min(start + sequenceLength, length))
    case .uneven(let ends):
      return streams.window(start..<ends[index])
    case .shuffled(let permutation, let offset, let perRow, let sequenceLength):
      let rowCount = streams.starts.count
      let places = (0..<rowCount).map { row in
        let (of, window) = permutation[index * rowCount + row].quotientAndRemainder(
          dividingBy: perRow)
        return streams.starts[of] + offset + window * sequenceLength
      }
      return streams.window(0..<sequenceLength, from: places)
    }
  }
}
