extension Tensor {
  /// A row for each index, 1 at the index and 0 elsewhere: [n, width]; zeros for a negative index.
  ///
  /// Requires indices below `width`.
  public init(oneHot indices: [Int32], width: Int) {
    self.init(unsafeUninitialized: [indices.count, width]) { elements in
      elements.update(repeating: 0)
      for (row, index) in indices.enumerated() where index >= 0 {
        require(Int(index) < width, "one-hot: index \(index) of row \(row) is not below \(width)")
        elements[row * width + Int(index)] = 1
      }
    }
  }
}
