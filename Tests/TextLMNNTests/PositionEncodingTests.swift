import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Position encoding")
struct PositionEncodingTests {
  /// The case `memn2n_position_encoding`, computed in Python:
  ///
  /// ```python
  /// J, d = 4, 6
  /// [[1 + 4 * (k - (d + 1) / 2) * (j - (J + 1) / 2) / (d * J) for j in range(1, J + 1)] for k in range(1, d + 1)]
  /// ```
  private static let golden: [[Double]] = [
    [1.625, 1.2083333333333333, 0.7916666666666666, 0.375], [1.375, 1.125, 0.875, 0.625],
    [1.125, 1.0416666666666667, 0.9583333333333334, 0.875],
    [0.875, 0.9583333333333334, 1.0416666666666667, 1.125], [0.625, 0.875, 1.125, 1.375],
    [0.375, 0.7916666666666666, 1.2083333333333333, 1.625],
  ]

  @Test("Weights of four vectors of six elements")
  func weights() {
    let encoding = PositionEncoding(count: 4, width: 6)
    #expect(encoding.weights.shape == [4, 6])
    expectClose(
      encoding.weights.array.map(Double.init),
      (0..<24).map { Self.golden[$0 % 6][$0 / 6] }, tolerance: 1e-6, "weights")
  }

  @Test("A weighted sum, which knows the order, and its gradient")
  func sums() {
    let encoding = PositionEncoding(count: 4, width: 6)
    let input = fill(1, [2, 4, 6], 1)
    let output = encoding(input, .inference())
    #expect(output.shape == [2, 6])
    let elements = input.array.map(Double.init)
    var expected = [Double](repeating: 0, count: 12)
    for (place, element) in elements.enumerated() {
      let (row, vector, column) = (place / 24, place / 6 % 4, place % 6)
      expected[row * 6 + column] += Self.golden[column][vector] * element
    }
    expectClose(output.array.map(Double.init), expected, tolerance: 2e-6, "sums")
    checkGradients("position encoding", inputs: [input]) { encoding($1[0], $0) }
    // One vector is itself.
    let one = fill(2, [1, 5], 1)
    expectClose(
      PositionEncoding(count: 1, width: 5)(one, .inference()), one.reshaped(to: [5]),
      tolerance: 1e-6, "one vector")
  }
}
