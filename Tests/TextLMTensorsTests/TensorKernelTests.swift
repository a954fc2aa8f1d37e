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
    let expected = Tensor([5, 5, 14, 11], shape: [2, 2])
    // Integers this small are exact in float32 and in bfloat16, but not times a scale.
    let tolerance = precision == .int16 ? 1e-4 : 0
    func check(_ product: Tensor, _ expected: Tensor, _ what: String) {
      expectClose(product, expected, tolerance: tolerance, what)
    }
    check(Tensor.product(a, b, precision: precision), expected, "product")
    check(
      Tensor.product(transposedA, b, transposeLeft: true, precision: precision), expected,
      "left transposed")
    check(
      Tensor.product(a, transposedB, transposeRight: true, precision: precision), expected,
      "right transposed")
    let packed = PackedMatrix(b, transposed: false, precision: precision)
    check(a.multiplied(by: packed), expected, "packed")
    let packedTransposed = PackedMatrix(transposedB, transposed: true, precision: precision)
    let bias = Tensor([100, 200], shape: [2])
    check(
      a.multiplied(by: packedTransposed, adding: bias),
      Tensor([105, 205, 114, 211], shape: [2, 2]), "packed and transposed, with a bias")
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
