import TextLM

extension CalibrationCurve {
  /// The bins that have predictions as a table, the number of which is called `name`.
  func lines(counting name: String) -> [String] {
    let rows = bins.indices.filter { bins[$0].count > 0 }.map { index in
      let (bin, bounds) = (bins[index], bounds(ofBin: index))
      return [
        Numbers.fixed(bounds.lowerBound, 2) + " - " + Numbers.fixed(bounds.upperBound, 2),
        Numbers.grouped(bin.count), Numbers.fixed(bin.confidence, 4),
        Numbers.fixed(bin.accuracy, 4),
      ]
    }
    return TextTable.lines([["probability", name, "mean", "came"]] + rows)
  }
}
