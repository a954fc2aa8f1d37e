import TextLMTensors

/// How many steps each row of a stream has read, as a tensor that can be carried and saved, [B, 2].
///
/// A count is 2²⁰ · first + second, so that float32 holds it exactly up to 2⁴⁴ steps.
struct StreamPosition: Sendable {
  private static let unit = 1 << 20
  private(set) var tensor: Tensor

  /// Zero for each of `batchSize` rows.
  init(batchSize: Int) {
    tensor = Tensor(zeros: [batchSize, 2])
  }

  /// The counts in a tensor [B, 2]; what is no count is read as one.
  init(tensor: Tensor) {
    self.tensor = tensor
  }

  /// Of each row, [B].
  var counts: [Int] {
    let values = tensor.array
    func whole(_ value: Float) -> Int {
      value > 0 && value < Float(1 << 24) ? Int(value.rounded()) : 0
    }
    return stride(from: 0, to: values.count, by: 2).map {
      Self.unit * whole(values[$0]) + whole(values[$0 + 1])
    }
  }

  /// Moves all rows on by `steps`.
  mutating func advance(by steps: Int) {
    let values = counts.flatMap { count in
      [Float((count + steps) / Self.unit), Float((count + steps) % Self.unit)]
    }
    tensor = Tensor(values, shape: tensor.shape)
  }
}
