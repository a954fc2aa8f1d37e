/// A range of positions that are counted together: single ones at first, then doubling.
struct PositionRange {
  let first: Int
  let last: Int

  /// The range of a position; those up to `isExact` stand alone.
  init(_ position: Int, isExact: Int) {
    var (first, last) = (position, position)
    if position > isExact {
      (first, last) = (isExact + 1, 2 * isExact)
      while position > last { (first, last) = (last + 1, 2 * last) }
    }
    (self.first, self.last) = (first, last)
  }

  var name: String {
    first == last ? "\(first)" : "\(Numbers.grouped(first)) to \(Numbers.grouped(last))"
  }
}
