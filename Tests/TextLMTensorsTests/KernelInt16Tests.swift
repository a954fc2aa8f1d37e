import CTextLMKernels
import TextLMTensors
import TextLMTestSupport
import Testing

/// What products in 16-bit integers promise beyond agreeing with their twin.
@Suite("Kernels: products in 16-bit integers")
struct KernelInt16Tests {
  private func product(
    _ a: [Float], _ b: [Float], m: Int = 1, n: Int = 1, _ precision: tlm_precision = TLM_INT16
  ) -> [Float] {
    let k = a.count / m
    var c = [Float](repeating: 0, count: m * n)
    tlm_matmul(precision, false, false, m, n, k, a, k, b, n, &c, n, false)
    return c
  }

  @Test(
    "The largest sums there can be stay inside 32 bits",
    arguments: [1, 2, 3, 255, 256, 257, 511, 512, 513, 1024])
  func largestSums(k: Int) {
    // Equal operands reach the bound of Cauchy and Schwarz; all of one size, each is rounded to the
    // largest integer its norm allows.
    for sign: Float in [1, -1] {
      let a = [Float](repeating: 3, count: k)
      let sum = product(a, a.map { $0 * sign })[0]
      #expect(abs(sum / (sign * 9 * Float(k)) - 1) < 1e-3)
    }
    // One large element among many small ones: the size and not the norm bounds the scale.
    var spike = [Float](repeating: 1e-3, count: k)
    spike[k / 2] = 1000
    let sum = product(spike, spike)[0]
    #expect(abs(sum / 1e6 - 1) < 1e-3)
  }

  @Test("Errors are a tenth of bfloat16's and less", arguments: [128, 256, 512, 1024])
  func error(k: Int) {
    let (m, n) = (8, 24)
    let (a, b) = (fill(1, [m, k], 1).array, fill(2, [k, n], 0.2).array)
    let exact = product(a, b, m: m, n: n, TLM_FLOAT32)
    func error(_ precision: tlm_precision) -> Float {
      zip(product(a, b, m: m, n: n, precision), exact).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    }
    // Squares of errors: a tenth is a hundredth.
    #expect(error(TLM_INT16) * 100 < error(TLM_BFLOAT16))
    #expect(error(TLM_INT16) > 0)
  }

  @Test("A row gives the same bits alone as among others")
  func rowsAreIndependent() {
    let (m, n, k) = (37, 50, 700)
    let (a, b) = (fill(1, [m, k], 1).array, fill(2, [k, n], 1).array)
    let all = product(a, b, m: m, n: n)
    let matrix = tlm_packed_create(TLM_INT16, false, k, n, b, n)
    defer { tlm_packed_destroy(matrix) }
    for row in [0, 5, 36] {
      let alone = Array(a[row * k..<(row + 1) * k])
      let expected = Array(all[row * n..<(row + 1) * n])
      #expect(product(alone, b, n: n) == expected)
      var packed = [Float](repeating: 0, count: n)
      tlm_matmul_packed(matrix, 1, alone, k, nil, &packed, n, false)
      #expect(packed == expected)
    }
  }

  @Test("Zeros, and numbers whose squares vanish, give zero")
  func zeros() {
    #expect(product([0, 0, 0], [1, 2, 3]) == [0])
    #expect(product([1e-30, -1e-30], [1, 2]) == [0])
  }

  @Test("What is not finite is not hidden", arguments: [Float.nan, .infinity, -.infinity, 1e30])
  func notFinite(value: Float) {
    var a = [Float](repeating: 1, count: 300)
    a[100] = value
    let b = [Float](repeating: 1, count: 300)
    // 1e30 is finite, but its square is not: the product says so rather than lose the others.
    #expect(!product(a, b)[0].isFinite)
    #expect(!product(b, a)[0].isFinite)
  }
}
