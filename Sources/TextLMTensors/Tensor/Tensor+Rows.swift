import CTextLMKernels

extension Tensor {
  /// The rows of this table [V, W] that `indices` name, as a tensor of the given leading axes and
  /// width W.
  ///
  /// Requires indices in 0 ..< V, as many as the leading axes have places.
  package func gatheringRows(_ indices: [Int32], leading: Shape) -> Tensor {
    requireRows(indices, "gather")
    require(
      indices.count == leading.count, "gather: \(indices.count) indices for leading axes \(leading)"
    )
    let width = shape.width
    return mapped(to: Shape(leading.dimensions + [width])) { table, rows in
      tlm_gather_rows(indices.count, width, indices, table, rows)
    }
  }

  /// The gradient of a table of `rowCount` rows from the gradients of its gathered rows: each row
  /// of self, [.., W], is added to the table row that `indices` names. Returns [rowCount, W].
  package func scatteringRows(_ indices: [Int32], rowCount: Int) -> Tensor {
    let width = shape.width
    return mapped(to: [rowCount, width]) { rows, table in
      table.update(repeating: 0, count: rowCount * width)
      tlm_scatter_add_rows(indices.count, width, indices, rows, table)
    }
  }

  /// The sum of all rows: [.., W] becomes [W].
  package func columnSums() -> Tensor {
    mapped(to: [shape.width]) { rows, sums in
      tlm_column_sums(shape.rowCount, shape.width, rows, sums, false)
    }
  }

  /// Joins rows side by side: [.., W1] and [.., W2] make [.., W1 + W2].
  ///
  /// Requires equal leading axes.
  package func joiningColumns(of other: Tensor) -> Tensor {
    require(
      shape.dimensions.dropLast() == other.shape.dimensions.dropLast(),
      "joining columns: \(shape) and \(other.shape) differ before the last axis")
    let (leftWidth, rightWidth) = (shape.width, other.shape.width)
    return mapped(with: other, to: shape.replacingWidth(leftWidth + rightWidth)) {
      left, right, joined in
      for row in 0..<shape.rowCount {
        let start = joined + row * (leftWidth + rightWidth)
        start.update(from: left + row * leftWidth, count: leftWidth)
        (start + leftWidth).update(from: right + row * rightWidth, count: rightWidth)
      }
    }
  }

  /// Some neighbouring elements of every row: [.., W] becomes [.., range.count].
  package func columns(_ range: Range<Int>) -> Tensor {
    let width = shape.width
    require(
      range.lowerBound >= 0 && range.upperBound <= width,
      "columns \(range): shape \(shape) has columns 0..<\(width)")
    return mapped(to: shape.replacingWidth(range.count)) { rows, part in
      for row in 0..<shape.rowCount {
        (part + row * range.count).update(
          from: rows + row * width + range.lowerBound, count: range.count)
      }
    }
  }

  /// Stops on indices that are no rows of this table.
  func requireRows(_ indices: [Int32], _ operation: String) {
    require(shape.rank == 2, "\(operation): a table has two axes, not \(shape)")
    for (place, index) in indices.enumerated() where index < 0 || Int(index) >= shape[0] {
      fatalError(
        "\(operation): index \(index) at place \(place), table \(shape) has \(shape[0]) rows")
    }
  }
}
