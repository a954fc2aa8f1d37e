import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Operations on windows of steps: gradients")
struct WindowOperationTests {
  @Test func scoresAndSums() {
    let (queries, keys) = (fill(1, [3, 2, 5], 1), fill(2, [7, 2, 5], 1))
    checkGradients("products", inputs: [queries, keys]) {
      $0.windowScores($1[0], keys: $1[1], count: 4)
    }
    checkGradients("additive scores", inputs: [queries, keys, fill(3, [5], 1)]) {
      $0.windowScores($1[0], keys: $1[1], factors: $1[2], count: 4)
    }
    checkGradients("sums", inputs: [fill(4, [3, 2, 4], 1), keys]) {
      $0.windowSums($1[0], values: $1[1])
    }
  }

  @Test("Weight normalization: a gain is the norm of its row")
  func weightNorm() {
    let (direction, gain) = (fill(1, [3, 2, 2], 1), fill(2, [3], 1))
    checkGradients("weight norm", inputs: [direction, gain]) {
      $0.weightNorm(direction: $1[0], gain: $1[1])
    }
    let rows = ForwardPass.inference().weightNorm(direction: direction, gain: gain).array
    for (row, gain) in gain.array.enumerated() {
      let squares = rows[row * 4..<row * 4 + 4].reduce(0) { $0 + $1 * $1 }
      expectClose(
        Double(squares.squareRoot()), Double(abs(gain)), tolerance: 1e-6, "row \(row)")
    }
  }
}
