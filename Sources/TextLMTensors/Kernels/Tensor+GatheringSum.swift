import CTextLMKernels

extension Tensor {
  /// The sums of one row of each of several tables [.., W], named by as many lists of indices, as a
  /// tensor of the given leading axes and width W.
  ///
  /// Requires a list for each table, as long as the leading axes have places, and indices that are
  /// rows of their table.
  package static func gatheringSum(
    _ indices: [[Int32]], from tables: [Tensor], leading: Shape
  ) -> Tensor {
    require(
      !tables.isEmpty && indices.count == tables.count,
      "gathering sums: \(indices.count) lists of indices for \(tables.count) tables")
    let width = tables[0].shape.width
    for (table, indices) in zip(tables, indices) {
      table.requireRows(indices, "gathering sums")
      require(
        table.shape.width == width && indices.count == leading.count,
        "gathering sums: table \(table.shape) beside \(tables[0].shape), places \(leading)")
    }
    return withExtendedLifetime(tables) {
      Tensor(shape: Shape(leading.dimensions + [width])) { sums in
        tables.map { Optional($0.address) }.withUnsafeBufferPointer { tables in
          tlm_gather_row_sums(
            leading.count, width, tables.count, indices.flatMap { $0 }, tables.baseAddress, sums)
        }
      }
    }
  }
}
