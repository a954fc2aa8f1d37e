/// The features of N texts, row by row: which there are, by number.
struct FeatureRows: Sendable {
  /// B, the number of blocks of features.
  let blockCount: Int
  /// F, the number of features.
  let featureCount: Int
  /// The features of all rows behind one another, ascending in each row.
  private(set) var numbers: [Int32] = []
  /// Where block b of row i begins is `starts[i * B + b]`; the last is the end.
  private(set) var starts: [Int] = [0]

  /// No rows yet.
  init(_ index: FeatureIndex) {
    blockCount = index.blockEnds.count
    featureCount = index.count
  }

  /// N.
  var count: Int { starts.count / blockCount }

  /// How many features a row has.
  func featureCount(ofRow row: Int) -> Int {
    starts[(row + 1) * blockCount] - starts[row * blockCount]
  }

  /// Adds the row of a text.
  mutating func append(_ row: [Int32], _ index: FeatureIndex) {
    let first = numbers.count
    numbers += row
    var place = 0
    for end in index.blockEnds {
      while place < row.count, Int(row[place]) < end { place += 1 }
      starts.append(first + place)
    }
  }

  /// The number of rows among `rows` that have each feature and for which `isCounted` holds, [F].
  func counts(in rows: [Int], where isCounted: (Int) -> Bool = { _ in true }) -> [Int32] {
    var counts = [Int32](repeating: 0, count: featureCount)
    for row in rows where isCounted(row) {
      for place in starts[row * blockCount]..<starts[(row + 1) * blockCount] {
        counts[Int(numbers[place])] += 1
      }
    }
    return counts
  }

  /// For each of `rows` and each block, 1 / √n of its n features that are known, [rows, B]: so a
  /// text weighs the same in each block, however long it is.
  func scales(of rows: [Int], isKnown: [Bool]) -> [Double] {
    rows.flatMap { row in
      (0..<blockCount).map { block -> Double in
        var known = 0
        for place in starts[row * blockCount + block]..<starts[row * blockCount + block + 1]
        where isKnown[Int(numbers[place])] {
          known += 1
        }
        return known == 0 ? 0 : 1 / Double(known).squareRoot()
      }
    }
  }

  /// The sum of the values of each row's features, each block scaled, [rows].
  func sums(_ values: [Double], rows: [Int], scales: [Double]) -> [Double] {
    rows.enumerated().map { index, row in
      var sum = 0.0
      for block in 0..<blockCount {
        var part = 0.0
        for place in starts[row * blockCount + block]..<starts[row * blockCount + block + 1] {
          part += values[Int(numbers[place])]
        }
        sum += part * scales[index * blockCount + block]
      }
      return sum
    }
  }

  /// For each feature, the sum of the values of the rows that have it, each block scaled, [F]: the
  /// transpose of `sums`.
  func spread(_ values: [Double], rows: [Int], scales: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: featureCount)
    for (index, row) in rows.enumerated() {
      for block in 0..<blockCount {
        let value = values[index] * scales[index * blockCount + block]
        for place in starts[row * blockCount + block]..<starts[row * blockCount + block + 1] {
          result[Int(numbers[place])] += value
        }
      }
    }
    return result
  }
}
