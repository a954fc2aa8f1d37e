import TextLMTensors
import TextLMTestSupport
import Testing

/// What the tensor operations add to the kernels: which operand is which, and how sizes are passed
/// on.
@Suite("Tensor operations")
struct TensorKernelTests {
  private let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
  private let b = Tensor([1, 0, 2, 1, 0, 1], shape: [3, 2])

  @Test("Products of [1 2 3; 4 5 6] and [1 0; 2 1; 0 1]", arguments: ComputePrecision.allCases)
  func product(precision: ComputePrecision) {
    let transposedA = Tensor([1, 4, 2, 5, 3, 6], shape: [3, 2])
    let transposedB = Tensor([1, 2, 0, 0, 1, 1], shape: [2, 3])
    let expected: [Float] = [5, 5, 14, 11]
    #expect(Tensor.product(a, b, precision: precision).array == expected)
    #expect(
      Tensor.product(transposedA, b, transposeLeft: true, precision: precision).array == expected)
    #expect(
      Tensor.product(a, transposedB, transposeRight: true, precision: precision).array == expected)
    let packed = PackedMatrix(b, transposed: false, precision: precision)
    #expect(a.multiplied(by: packed).array == expected)
    let packedTransposed = PackedMatrix(transposedB, transposed: true, precision: precision)
    let bias = Tensor([100, 200], shape: [2])
    #expect(a.multiplied(by: packedTransposed, adding: bias).array == [105, 205, 114, 211])
  }

  @Test("A slice is multiplied from where it begins")
  func productOfSlice() {
    let lower = a[rows: 1..<2]
    #expect(Tensor.product(lower, b, precision: .float32).array == [14, 11])
    #expect(lower.adding(lower).array == [8, 10, 12])
  }

  @Test func rowsAndColumns() {
    #expect(a.columnSums().array == [5, 7, 9])
    #expect(a.columns(1..<3).array == [2, 3, 5, 6])
    #expect(a.joiningColumns(of: a.columns(0..<1)).array == [1, 2, 3, 1, 4, 5, 6, 4])
    #expect(a.gatheringRows([1, 0, 1], leading: [3]).array == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(b.scatteringRows([1, 0, 1], rowCount: 3).array == [2, 1, 1, 1, 0, 0])
  }

  @Test func reductions() {
    #expect(a.sum == 21)
    #expect(a.sumOfSquares == 91)
    // Each term is lost beside 2²⁴ when added in float32.
    let values = [0x1p24] + [Float](repeating: 1, count: 1000)
    #expect(Tensor(values, shape: [1001]).sum == 0x1p24 + 1000)
  }
}
