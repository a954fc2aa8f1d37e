extension Shape {
  /// The shape that two operands have together: last axes stand under each other, an axis that only
  /// one has is 1 in the other, and an axis of 1 is repeated to the other's size.
  ///
  /// `[3, 1]` and `[2, 1, 4]` make `[2, 3, 4]`. Nil where two sizes differ and neither is 1.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var sizes: [Int] = []
    for axis in 0..<rank {
      let (left, right) = (size(at: axis, ofRank: rank), other.size(at: axis, ofRank: rank))
      guard left == right || left == 1 || right == 1 else { return nil }
      sizes.append(left == 1 ? right : left)
    }
    return Shape(sizes)
  }

  /// The size of an axis when 1s are put before the others until there are `rank`.
  private func size(at axis: Int, ofRank rank: Int) -> Int {
    let place = axis - (rank - self.rank)
    return place < 0 ? 1 : dimensions[place]
  }

  /// Elements between neighbours along each axis of `whole`, 0 where this shape is repeated.
  func strides(in whole: Shape) -> [Int] {
    var strides = Array(repeating: 0, count: whole.rank)
    var distance = 1
    for axis in (0..<whole.rank).reversed() {
      let size = size(at: axis, ofRank: whole.rank)
      if size != 1 { strides[axis] = distance }
      distance *= size
    }
    return strides
  }
}
