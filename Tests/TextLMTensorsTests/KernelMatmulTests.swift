import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// Matrix products against their plain twin, which has three loops and sums in Double.
///
/// Each instruction set is tested in a process of its own, since limiting it would change the last
/// bits of what other tests compute meanwhile.
@Suite("Kernels: matrix products")
struct KernelMatmulTests {
  @Test(arguments: InstructionSet.allCases)
  func productsEqualTheirTwin(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      for precision in [TLM_FLOAT32, TLM_BFLOAT16, TLM_INT16] {
        for size in MatmulCase.sizes {
          for flags in 0..<8 {
            MatmulCase(size, precision, flags).check()
          }
        }
      }
    }
  }

  @Test(
    "A product does not depend on the number of threads",
    arguments: [TLM_FLOAT32, TLM_INT16].map(\.rawValue))
  func threads(precision: UInt32) {
    let precision = tlm_precision(rawValue: precision)
    let (m, n, k) = (130, 70, 90)
    let (a, b) = (fill(1, [m, k], 1).array, fill(2, [k, n], 1).array)
    func product() -> [Float] {
      var c = [Float](repeating: 0, count: m * n)
      tlm_matmul(precision, false, false, m, n, k, a, k, b, n, &c, n, false)
      return c
    }
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(1)
    let single = product()
    Engine.setThreadCount(2)
    let isEqual = product() == single
    #expect(isEqual)
  }

  @Test(
    "oneDNN's product, where it has one", arguments: [TLM_FLOAT32.rawValue, TLM_BFLOAT16.rawValue])
  func oneDNN(precision: UInt32) {
    let (m, n, k) = (33, 20, 17)
    let (a, b) = (fill(1, [m, k], 1).array, fill(2, [k, n], 1).array)
    var (actual, expected) = (
      [Float](repeating: 0, count: m * n), [Float](repeating: 0, count: m * n)
    )
    let precision = tlm_precision(rawValue: precision)
    guard tlm_onednn_matmul(precision, false, false, m, n, k, a, b, &actual, false) else { return }
    tlm_matmul_plain(precision, false, false, m, n, k, a, k, b, n, &expected, n, false)
    expectClose(
      Tensor(actual, shape: [m, n]), Tensor(expected, shape: [m, n]), tolerance: 1e-4, "product")
  }
}

/// One product, with operands inside wider rows.
private struct MatmulCase {
  /// m, n, k: single rows and columns, whole and broken tiles, and enough for several blocks.
  static let sizes = [
    (1, 1, 1), (1, 64, 33), (1, 5, 200), (2, 17, 3), (5, 31, 64), (16, 48, 16), (37, 1, 9),
    (70, 130, 131), (3, 9, 1030),
  ]

  let m, n, k: Int
  let precision: tlm_precision
  let transposeA, transposeB, accumulate: Bool

  init(_ size: (Int, Int, Int), _ precision: tlm_precision, _ flags: Int) {
    (m, n, k) = size
    self.precision = precision
    (transposeA, transposeB, accumulate) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
  }

  private var name: String {
    "[\(m), \(n), \(k)] \(precision) \(transposeA) \(transposeB) \(accumulate)"
  }

  /// Operands of order 1 and k up to 131 terms: float32 sums err by less than 131 · 2⁻²⁴ · 131 <
  /// 10⁻² · 10⁻¹; in practice errors grow with √k, so 10⁻⁴ leaves room and is far below any wrong
  /// term. For int16 the twin's scales differ in their last bit, which can round a few elements to
  /// the other of two neighbours, at most 2⁻¹¹ apart.
  func check() {
    let (paddingA, paddingB, paddingC) = (3, 2, 1)
    let lda = (transposeA ? m : k) + paddingA
    let ldb = (transposeB ? k : n) + paddingB
    let ldc = n + paddingC
    let a = fill(1, [transposeA ? k : m, lda], 1).array
    let b = fill(2, [transposeB ? n : k, ldb], 1).array
    let start = fill(3, [m, ldc], 1).array
    var (expected, actual, packed) = (start, start, start)
    tlm_matmul_plain(
      precision, transposeA, transposeB, m, n, k, a, lda, b, ldb, &expected, ldc, accumulate)
    tlm_matmul(
      precision, transposeA, transposeB, m, n, k, a, lda, b, ldb, &actual, ldc, accumulate)
    compare(actual, expected, ldc, "product \(name)")
    guard !transposeA else { return }
    let bias = fill(4, [n], 1).array
    let matrix = tlm_packed_create(precision, transposeB, k, n, b, ldb)
    tlm_matmul_packed(matrix, m, a, lda, bias, &packed, ldc, accumulate)
    tlm_packed_destroy(matrix)
    for row in 0..<m {
      for column in 0..<n { expected[row * ldc + column] += bias[column] }
    }
    compare(packed, expected, ldc, "packed product \(name)")
  }

  private func compare(_ actual: [Float], _ expected: [Float], _ ldc: Int, _ what: String) {
    expectClose(
      Tensor(actual, shape: [m, ldc]), Tensor(expected, shape: [m, ldc]),
      tolerance: precision == TLM_INT16 ? 1e-3 : 1e-4, what)
  }
}
